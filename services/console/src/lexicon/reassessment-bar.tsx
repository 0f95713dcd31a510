import type { ReassessmentView } from '@guanlan/contracts';
import { Progress } from 'antd';
import { Moment } from '../parts/moment.tsx';

/** How far the stored items have been judged anew under the revision in force. */
export function ReassessmentBar({ reassessment }: { reassessment: ReassessmentView }) {
  const { startedAt, finishedAt, total, done, raised, lowered } = reassessment;
  if (finishedAt !== null) {
    return (
      <p className="quiet">
        已存信息已按这一版重新评估：{done} 条，级别升 {raised}、降 {lowered}，完成于 <Moment at={finishedAt} both />
      </p>
    );
  }
  if (startedAt === null) return <p role="status">已存信息即将在后台按这一版重新评估；重新评估只在系统运行时进行。</p>;
  return (
    <div className="reassessment" role="status">
      <span>正在按这一版重新评估已存信息</span>
      <Progress
        percent={total === 0 ? 100 : Math.floor((100 * done) / total)}
        format={() => `${done} / ${total} 条，升 ${raised}、降 ${lowered}`}
      />
    </div>
  );
}
