/** An alert is a case about one event. */
export const alertStates = ['firing', 'acknowledged', 'verified', 'assigned', 'answered', 'closed'] as const;
export type AlertState = (typeof alertStates)[number];

/** The only ways a case can end: there is no other verb. */
export const outcomes = ['answered', 'handed-over', 'clarified', 'false-alarm', 'no-answer-needed'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeTitles: Record<Outcome, string> = {
  answered: '已回应',
  'handed-over': '已移交责任部门',
  clarified: '已公开澄清',
  'false-alarm': '误报',
  'no-answer-needed': '无需回应',
};

export const alertStateTitles: Record<AlertState, string> = {
  firing: '待签收',
  acknowledged: '已签收',
  verified: '已核实',
  assigned: '已交办',
  answered: '已回应',
  closed: '已办结',
};

/** How a case was answered, before it is closed. */
export const answers = ['answered', 'handed-over', 'clarified'] as const satisfies readonly Outcome[];
export type Answer = (typeof answers)[number];

/** What may follow what; everything else is refused with `conflict`. */
export const alertTransitions: Record<AlertState, readonly AlertState[]> = {
  firing: ['acknowledged', 'closed'],
  acknowledged: ['verified', 'assigned', 'answered', 'closed'],
  verified: ['assigned', 'answered', 'closed'],
  assigned: ['answered', 'closed'],
  answered: ['closed'],
  closed: [],
};
