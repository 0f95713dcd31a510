/** What a line of an alert's timeline can say, and how it is called where people read it. */
export const alertEntryTitles = {
  opened: '发现',
  reopened: '再次发现',
  'level-raised': '级别上升',
  reported: '收到直报',
  spread: '新的来源类型',
  surged: '数量激增',
  untold: '未通知',
  suppressed: '通知被抑制',
  silenced: '通知被静默',
  notified: '已通知',
  undelivered: '通知未送达',
  'fell-back': '改用备用渠道',
  resent: '重发通知',
  warned: '临期提醒',
  overdue: '超时',
  acknowledged: '签收',
  verified: '核实',
  'level-confirmed': '核定级别',
  assigned: '交办',
  answered: '回应',
  closed: '办结',
  met: '时限事项完成',
  waived: '时限不适用',
  paused: '计时暂停',
  resumed: '计时恢复',
  'event-split': '事件拆分',
  'event-merged': '事件合并',
} as const;

export type AlertEntryKind = keyof typeof alertEntryTitles;

/** Who acts in the timeline when nobody does. */
export const systemActor = '系统';
