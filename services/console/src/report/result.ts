import type { ReportReceiptView } from '@guanlan/contracts';
import { el } from './dom.ts';

/** What became of one report. `lead` stands on top of it. */
export function resultView(report: ReportReceiptView, lead: string, acts: { correct(): void; another(): void }): Node[] {
  const ended = report.outcomeTitle === null ? '' : `（${report.outcomeTitle}）`;
  const facts: [string, string][] = [
    ['发生了什么', report.what],
    ['在哪里', [report.place, report.detail].filter(Boolean).join('，')],
    ['什么时间', report.happenedAt === null ? '' : moment(report.happenedAt)],
    ['涉及人数', report.people === null ? '' : `${report.people} 人`],
    ['已经做了什么', report.done],
    ['附件', report.attachments.length === 0 ? '' : `${report.attachments.length} 个`],
    ['更正', report.corrects === null ? '' : `更正 ${report.corrects}`],
    ['后来的更正', report.correctedBy.join('、')],
  ];
  const correct = el('button', { type: 'button' }, '补充或更正');
  const another = el('button', { type: 'button', class: 'main' }, '再报一件');
  correct.addEventListener('click', acts.correct);
  another.addEventListener('click', acts.another);
  return [
    el('p', { class: 'lead' }, lead),
    el('p', { class: 'quiet' }, '回执号（请截图或记下）'),
    el('p', { class: 'receipt' }, report.receipt),
    el('p', { class: `state state-${report.state}` }, `${report.stateTitle}${ended}`),
    el('p', { class: 'quiet' }, `${moment(report.filedAt)} 上报`),
    el('dl', {}, ...facts.filter(([, text]) => text !== '').flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)])),
    another,
    correct,
  ];
}

function moment(at: string): string {
  return new Date(at).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short', hour12: false });
}
