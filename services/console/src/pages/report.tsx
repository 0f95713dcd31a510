import type { ReportView } from '@guanlan/contracts';
import { type ReportState, reportStateTitles, reportUnitKinds } from '@guanlan/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { Moment } from '../parts/moment.tsx';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { reportsQuery } from '../queries.ts';
import '../style/report.css';

/** What units reported, newest first, and the case that each is part of. */
export function Component() {
  const [params, setParams] = useSearchParams();
  const unalerted = params.get('unalerted') === 'true';
  const reports = useInfiniteQuery(reportsQuery({ ...(unalerted ? { unalerted } : {}) }));
  const rows = reports.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>直报</h1>
        <div className="page-tools">
          <Select
            aria-label="按是否到值班台筛选"
            value={unalerted}
            options={[
              { value: false, label: '全部直报' },
              { value: true, label: '只看还没到值班台的' },
            ]}
            onChange={(value) => setParams(value ? { unalerted: 'true' } : {}, { replace: true })}
          />
          <Button loading={reports.isRefetching} onClick={() => void reports.refetch()}>
            刷新
          </Button>
        </div>
      </div>
      {reports.isPending ? <Loading /> : null}
      {reports.isError && rows.length === 0 ? <Fault error={reports.error} retry={() => void reports.refetch()} /> : null}
      {reports.isSuccess && rows.length === 0 ? (
        <Nothing title={unalerted ? '都已送到值班台' : '还没有直报'}>
          {unalerted ? null : <p className="quiet">管理员用命令 guanlan unit add 为村、乡镇和部门各建一个上报链接。</p>}
        </Nothing>
      ) : null}
      <ul className="reports">
        {rows.map((report) => (
          <Report key={report.id} report={report} />
        ))}
      </ul>
      {reports.hasNextPage ? (
        <Button block loading={reports.isFetchingNextPage} onClick={() => void reports.fetchNextPage()}>
          更早的
        </Button>
      ) : null}
    </div>
  );
}

function Report({ report }: { report: ReportView }) {
  const where = [report.place, report.detail].filter((part) => part !== '').join('，');
  return (
    <li className="report" data-report={report.receipt}>
      <p className="row-head">
        <State state={report.state} outcome={report.outcomeTitle} />
        <strong>{report.unit.name}</strong>
        <span className="quiet">{reportUnitKinds[report.unit.kind]}</span>
        <span className="row-when">
          <Moment at={report.filedAt} both />
        </span>
      </p>
      <p className="report-what">{report.what}</p>
      <dl className="report-facts">
        <Fact name="地点">{where}</Fact>
        <Fact name="时间">{report.happenedAt === null ? '' : <Moment at={report.happenedAt} both />}</Fact>
        <Fact name="涉及人数">{report.people === null ? '' : `${report.people} 人`}</Fact>
        <Fact name="已采取措施">{report.done}</Fact>
      </dl>
      {report.attachments.length > 0 ? (
        <ul className="report-files">
          {report.attachments.map((file) => (
            <li key={file.position}>
              <a href={`/api/v1/reports/${report.receipt}/attachments/${file.position}`} download>
                {file.name}
              </a>{' '}
              <span className="quiet">{Math.max(1, Math.round(file.bytes / 1_000))} KB</span>
            </li>
          ))}
        </ul>
      ) : null}
      <p className="report-foot quiet">
        <span>回执 {report.receipt}</span>
        {report.corrects === null ? null : <span>更正 {report.corrects}</span>}
        {report.correctedBy.length === 0 ? null : <span className="fault">后有更正 {report.correctedBy.join('、')}</span>}
        {report.alertId === null ? <span>正在送到值班台</span> : <Link to={`/alerts/${report.alertId}`}>预警 {report.alertId}</Link>}
        <Link to={`/items/${report.itemId}`}>信息 {report.itemId}</Link>
      </p>
    </li>
  );
}

/** What the reporter is told at this moment. */
function State({ state, outcome }: { state: ReportState; outcome: string | null }) {
  return (
    <span className={`report-state report-state-${state}`} title="上报单位看到的办理情况">
      {reportStateTitles[state]}
      {outcome === null ? '' : `（${outcome}）`}
    </span>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  if (children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
