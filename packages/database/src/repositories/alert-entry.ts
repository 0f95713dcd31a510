/** What a line of an alert's timeline can say, and how it is called where people read it. */
export const alertEntryTitles = {
  opened: '发现',
  reopened: '再次发现',
  'level-raised': '级别上升',
  untold: '未通知',
  suppressed: '通知被抑制',
  silenced: '通知被静默',
  notified: '已通知',
  undelivered: '通知未送达',
  acknowledged: '签收',
  verified: '核实',
  assigned: '交办',
  answered: '回应',
  closed: '办结',
  'event-split': '事件拆分',
  'event-merged': '事件合并',
} as const;

export type AlertEntryKind = keyof typeof alertEntryTitles;

/** Who acts in the timeline when nobody does. */
export const systemActor = '系统';
