import type { LexiconCheckView, LexiconFaultView, LexiconView } from '@guanlan/contracts';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useMemo, useState } from 'react';
import { sentence } from '../client.ts';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { CheckResult } from './check-result.tsx';
import { checkRules } from './lexicon-queries.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { type Marked, RuleEditor } from './rule-editor.tsx';
import { fileTitle, isIn } from './rule-files.ts';
import { useDraft } from './use-draft.ts';

/** The rules, file by file: to read, or as a draft to change, check, try and publish. */
export function Workbench({ lexicon, editing, onEdit }: { lexicon: LexiconView; editing: boolean; onEdit: (editing: boolean) => void }) {
  const work = useDraft(lexicon);
  const allowed = useAllowed();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState(0);
  const [checked, setChecked] = useState<LexiconCheckView | null>(null);
  const [goTo, setGoTo] = useState<LexiconFaultView | null>(null);
  const [trying, setTrying] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const marks = useMemo(() => marksOf(checked), [checked]);
  const check = useMutation({
    mutationFn: () => checkRules(work.body),
    onSuccess: setChecked,
    onError: (error) => void message.error(`没有检查：${sentence(error)}`),
  });
  const file = work.files[chosen] ?? work.files[0];
  const overtaken = lexicon.draft !== null && lexicon.draft.version > work.version;
  const gone = editing && lexicon.draft === null && work.version > 0;
  const here = useMemo(() => (file === undefined ? [] : marks.filter((mark) => isIn(file, mark))), [file, marks]);
  const jump = (fault: LexiconFaultView) => {
    const index = work.files.findIndex((one) => isIn(one, fault));
    if (index >= 0) setChosen(index);
    setGoTo({ ...fault });
  };
  const sound = checked !== null && checked.faults.length === 0 && checked.failed.length === 0;

  return (
    <>
      <div className="rule-tools">
        {editing ? (
          <>
            <Button onClick={() => work.save.mutate(undefined)} loading={work.save.isPending} disabled={!work.dirty}>
              保存草稿
            </Button>
            <Button onClick={() => check.mutate()} loading={check.isPending}>
              检查
            </Button>
            <Button onClick={() => setTrying(true)}>在已存信息上预览</Button>
            <Button type="primary" disabled={work.version === 0 && !work.dirty} onClick={() => setPublishing(true)}>
              发布…
            </Button>
            <Popconfirm
              title="放弃草稿？改动将不再保留。"
              okText="放弃"
              cancelText="保留"
              onConfirm={() => work.discard.mutate(undefined, { onSuccess: () => onEdit(false) })}
            >
              <Button danger>放弃草稿</Button>
            </Popconfirm>
          </>
        ) : allowed.act ? (
          <Button type="primary" onClick={() => onEdit(true)}>
            修改（建立草稿）
          </Button>
        ) : (
          <p className="quiet">当前账号只能查看，不能修改。</p>
        )}
        <DraftState lexicon={lexicon} editing={editing} dirty={work.dirty} />
      </div>
      {overtaken ? (
        <p className="trouble" role="alert">
          {lexicon.draft?.author} 刚保存了另一份草稿。要看到它请重新载入页面；您还没保存的内容请先复制出来。
        </p>
      ) : null}
      {gone ? (
        <p className="trouble" role="alert">
          草稿刚被别人发布或放弃了。您还没保存的内容请先复制出来，再重新载入页面。
        </p>
      ) : null}
      <Outdated lexicon={lexicon} onRebase={(id) => work.save.mutate(id)} />
      <div className="rules">
        <nav className="rule-files" aria-label="词库的各个部分">
          {work.files.map((one, index) => (
            <button
              key={one.name}
              type="button"
              aria-current={index === chosen ? 'true' : undefined}
              onClick={() => {
                setChosen(index);
                setGoTo(null);
              }}
            >
              {fileTitle(one)}
              <Count marks={marks.filter((mark) => isIn(one, mark))} />
            </button>
          ))}
        </nav>
        {file === undefined ? null : (
          <RuleEditor
            key={`${file.name} ${editing}`}
            text={file.text}
            label={`${fileTitle(file)}的规则`}
            readOnly={!editing}
            faults={here}
            goTo={goTo}
            onChange={(text) => {
              work.change(work.files.indexOf(file), text);
              onEdit(true);
              setChecked(null);
            }}
          />
        )}
      </div>
      {checked === null ? null : <CheckResult checked={checked} onGo={jump} />}
      {trying ? <PreviewPanel body={work.body} onClose={() => setTrying(false)} /> : null}
      {publishing ? (
        <PublishDialog
          body={work.body}
          prepare={async () => {
            const version = await work.saved();
            if (!sound) setChecked(await checkRules(work.body));
            return version;
          }}
          onClose={() => setPublishing(false)}
          onPublished={() => onEdit(false)}
        />
      ) : null}
    </>
  );
}

/** The draft was begun from a revision that is no longer in force: publishing it would undo what came between. */
function Outdated({ lexicon: { draft, revision }, onRebase }: { lexicon: LexiconView; onRebase: (revisionId: number) => void }) {
  if (draft === null || revision === null || draft.baseRevisionId === revision.id) return null;
  return (
    <div className="trouble rule-tools" role="alert">
      <span>
        草稿是从第 {draft.baseRevisionId} 版改起的，其间已发布第 {revision.id} 版（{revision.note || '没有说明'}
        ）。请在“版本”里看它改了什么，并入草稿。
      </span>
      <Button size="small" onClick={() => onRebase(revision.id)}>
        已并入，以现行版为底
      </Button>
    </div>
  );
}

function DraftState({ lexicon: { draft }, editing, dirty }: { lexicon: LexiconView; editing: boolean; dirty: boolean }) {
  if (!editing) return null;
  return (
    <span className="quiet" role="status">
      {dirty ? '有未保存的改动' : null}
      {!dirty && draft ? (
        <>
          草稿由 {draft.author} 保存于 <Moment at={draft.updatedAt} both />
        </>
      ) : null}
      {!dirty && !draft ? '还没有改动' : null}
    </span>
  );
}

function Count({ marks }: { marks: readonly Marked[] }) {
  const errors = marks.filter((mark) => mark.severity === 'error').length;
  if (errors > 0) return <span className="count">{errors}</span>;
  return marks.length > 0 ? <span className="count count-quiet">{marks.length}</span> : null;
}

function marksOf(checked: LexiconCheckView | null): Marked[] {
  if (checked === null) return [];
  const errors = [...checked.faults, ...checked.failed].map((fault): Marked => ({ ...fault, severity: 'error' }));
  return [...errors, ...checked.warnings.map((fault): Marked => ({ ...fault, severity: 'warning' }))];
}
