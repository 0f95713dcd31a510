import { dateOf } from './calendar.ts';
import { GuanlanError } from './error.ts';

/**
 * The training ledger's two kinds and their yearly targets, from the office's own performance document:
 * 业务培训 8次/年; 互联网新闻信息服务从业人员和自媒体人员培训 4次/年.
 */
export const trainingKinds = {
  business: { title: '业务培训', target: 8 },
  media: { title: '互联网新闻信息服务从业人员和自媒体人员培训', target: 4 },
} as const;

export type TrainingKind = keyof typeof trainingKinds;

/**
 * The ledger holds what was done: a training that is still to come counts for nothing.
 *
 * @param heldOn `YYYY-MM-DD`
 * @throws GuanlanError `bad-input` for a day after that of `now` in Shanghai.
 */
export function refuseFuture(heldOn: string, now: Date): void {
  if (heldOn > dateOf(now)) throw new GuanlanError('bad-input', `${heldOn} 还没有到；台账只登记已经举办的培训，请在举办之后登记。`);
}
