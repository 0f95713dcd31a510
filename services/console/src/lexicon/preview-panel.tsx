import { levelStep, type PreviewResult, type PreviewRule, type PreviewSide } from '@guanlan/domain';
import { useMutation } from '@tanstack/react-query';
import { Button, Drawer, Progress, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Fault, Nothing } from '../parts/states.tsx';
import { previewRules } from './lexicon-queries.ts';

const choices = [1_000, 20_000, 200_000, 1_000_000];

/** Tries the draft on stored items and says, rule by rule, what would newly fire and what would stop. */
export function PreviewPanel({ body, onClose }: { body: string; onClose: () => void }) {
  const [items, setItems] = useState(20_000);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const running = useRef<AbortController | null>(null);
  const preview = useMutation({
    mutationFn: () => {
      running.current?.abort();
      running.current = new AbortController();
      setProgress(null);
      return previewRules(body, items, (done, total) => setProgress({ done, total }), running.current.signal);
    },
  });
  useEffect(() => () => running.current?.abort(), []);
  return (
    <Drawer title="在已存信息上预览" open size={760} onClose={onClose}>
      <div className="preview">
        <p className="quiet">把草稿和现行版本放在同样的信息上各评一遍，列出有变化的规则。只看不改，不影响正在用的词库。</p>
        <div className="rule-tools">
          <Select
            aria-label="试多少条"
            value={items}
            options={choices.map((value) => ({ value, label: `最近 ${value.toLocaleString('en-US')} 条` }))}
            onChange={setItems}
          />
          <Button type="primary" loading={preview.isPending} onClick={() => preview.mutate()}>
            开始
          </Button>
        </div>
        {preview.isPending && progress !== null ? (
          <Progress
            percent={Math.floor((100 * progress.done) / Math.max(1, progress.total))}
            format={() => `${progress.done} / ${progress.total} 条`}
          />
        ) : null}
        {preview.isError ? <Fault error={preview.error} retry={() => preview.mutate()} /> : null}
        {preview.data ? <Result result={preview.data} /> : null}
      </div>
    </Drawer>
  );
}

function Result({ result }: { result: PreviewResult }) {
  const { items, changed, raised, lowered, gained, lost, rules, more } = result;
  if (rules.length === 0) return <Nothing title={`试了 ${items} 条信息，没有一条规则有变化`} />;
  return (
    <>
      <p role="status">
        试了 <strong>{items}</strong> 条信息，<strong>{changed}</strong> 条有变化：级别升 {raised}、降 {lowered}；新算作涉及本县且有级别{' '}
        {gained}，不再算 {lost}。
      </p>
      {rules.map((rule) => (
        <Rule key={rule.rule} rule={rule} />
      ))}
      {more > 0 ? <p className="quiet">另有 {more} 条规则有变化，未列出。</p> : null}
    </>
  );
}

const places = { draft: '新增的规则', current: '草稿里没有了', both: null } as const;

function Rule({ rule }: { rule: PreviewRule }) {
  return (
    <section className="block">
      <h3>
        {rule.rule} {places[rule.in] === null ? null : <span className="term">{places[rule.in]}</span>}{' '}
        <span className="quiet">
          现行命中 {rule.before} 条 → 草稿命中 {rule.after} 条
        </span>
      </h3>
      <Side title="新命中" side={rule.starts} />
      <Side title="不再命中" side={rule.stops} />
    </section>
  );
}

function Side({ title, side }: { title: string; side: PreviewSide }) {
  if (side.count === 0) return null;
  return (
    <>
      <p>
        {title} <strong>{side.count}</strong> 条
        {side.confirmed + side.falseAlarms > 0 ? (
          <span className="quiet">
            ，其中已核实属实 {side.confirmed}、误报 {side.falseAlarms}
          </span>
        ) : null}
      </p>
      <ul className="preview-examples">
        {side.examples.map((example) => (
          <li key={example.itemId}>
            <Link to={`/items/${example.itemId}`} target="_blank">
              {example.title || `信息 ${example.itemId}`}
            </Link>
            <span className="quiet">
              建议级别 {levelStep(example.before)} → {levelStep(example.after)}
              {example.snippet === '' ? '' : ` …${example.snippet}…`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
