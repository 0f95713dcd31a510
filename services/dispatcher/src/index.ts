export { checkClocks } from './clocks.ts';
export { type DecideOptions, decide, stages } from './decide.ts';
export { createDispatcher, type DispatcherOptions } from './dispatcher.ts';
export { type DailyOptions, tellDaily } from './notices/daily.ts';
export { createPathWatch, type PathWatch } from './notices/path.ts';
export { tellSourceHealth } from './notices/source-health.ts';
export { sendOnce, sendTest } from './send.ts';
export { type DeliveryStep, deliverySteps } from './step.ts';
