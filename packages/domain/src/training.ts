/**
 * The training ledger's two kinds and their yearly targets, from the office's own performance document:
 * 业务培训 8次/年; 互联网新闻信息服务从业人员和自媒体人员培训 4次/年.
 */
export const trainingKinds = {
  business: { title: '业务培训', target: 8 },
  media: { title: '互联网新闻信息服务从业人员和自媒体人员培训', target: 4 },
} as const;

export type TrainingKind = keyof typeof trainingKinds;
