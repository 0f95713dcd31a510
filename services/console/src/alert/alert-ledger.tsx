import type { AlertEntryView, NotificationView } from '@guanlan/contracts';
import type { NotificationState } from '@guanlan/domain';
import { Moment } from '../parts/moment.tsx';

/** Everything that happened to the case; lines are only ever added. */
export function AlertTimeline({ entries }: { entries: readonly AlertEntryView[] }) {
  return (
    <section className="block" aria-labelledby="case-timeline">
      <h2 id="case-timeline">经过</h2>
      <ol className="timeline">
        {entries.map((entry) => (
          <li key={entry.id}>
            <p>
              <strong>{entry.title}</strong> <span className="quiet">{entry.actor}</span>
            </p>
            {entry.note ? <p className="timeline-note">{entry.note}</p> : null}
            <p className="quiet">
              <Moment at={entry.at} both />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

export const stateTitles: Record<NotificationState, string> = {
  pending: '待发送',
  sending: '发送中',
  delivered: '已送达',
  dead: '未送达，需人工处理',
  folded: '并入汇总',
};

/** A message that another tells of stands as that one does. */
export function sentState({ state, carrier }: Pick<NotificationView, 'state' | 'carrier'>): { state: NotificationState; words: string } {
  if (carrier === null) return { state, words: stateTitles[state] };
  return { state: carrier.state, words: `并入汇总 ${carrier.id}，${stateTitles[carrier.state]}` };
}

/** Who was told, how often it was tried, and what the receiver said. */
export function AlertLedger({ notifications }: { notifications: readonly NotificationView[] }) {
  return (
    <section className="block" aria-labelledby="case-ledger">
      <h2 id="case-ledger">通知台账</h2>
      {notifications.length === 0 ? (
        <p className="quiet">
          没有发出通知。还没有配置通知渠道时不会发送，可用命令 <code>guanlan channel add</code> 添加；也可能因静默或抑制而未发，见经过。
        </p>
      ) : (
        <ul className="ledger">
          {notifications.map((one) => (
            <li key={one.id}>
              <p>
                <strong>{one.channel.name}</strong> {one.receiver === null ? null : <span>{one.receiver} </span>}
                <span className={`sent sent-${sentState(one).state}`}>{sentState(one).words}</span>
              </p>
              <p>{one.reason}</p>
              <p className="quiet">
                {one.carrier === null ? `尝试 ${one.attempts} 次 · ` : null}
                {one.carrier !== null ? null : one.deliveredAt === null ? (
                  <>
                    {one.state === 'dead' ? '原定' : '计划'} <Moment at={one.dueAt} />
                  </>
                ) : (
                  <>
                    送达 <Moment at={one.deliveredAt} both />
                  </>
                )}
              </p>
              {one.lastResponse ? <p className="response">接收方答复：{one.lastResponse}</p> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
