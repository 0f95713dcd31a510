/** The steps of a delivery, in order. Between any two the process may die: what is left to do is in the rows. */
export const deliverySteps = ['decided', 'admitted', 'rung', 'claimed', 'sent', 'recorded'] as const;
export type DeliveryStep = (typeof deliverySteps)[number];

/** Told after each step. */
export type Passed = (step: DeliveryStep) => void;
