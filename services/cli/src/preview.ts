import { levelStep, type PreviewResult, type PreviewRule, type PreviewSide } from '@guanlan/domain';
import { print } from './output.ts';

/** What a draft would change, as a person reads it. */
export function printPreview(result: PreviewResult): void {
  const { items, changed, raised, lowered, gained, lost, rules, more } = result;
  print(`试了 ${items} 条已存信息，${changed} 条有变化：级别升 ${raised}，降 ${lowered}；新算作本地有级别 ${gained}，不再算 ${lost}`);
  for (const rule of rules) printRule(rule);
  if (more > 0) print(`另有 ${more} 条规则有变化，未列出`);
}

function printRule({ rule, in: place, before, after, starts, stops }: PreviewRule): void {
  print();
  print(`规则 ${rule}${places[place]}：现行命中 ${before} 条，草稿命中 ${after} 条`);
  printSide('新命中', starts);
  printSide('不再命中', stops);
}

const places = { draft: '（新增）', current: '（草稿里没有）', both: '' } as const;

function printSide(title: string, { count, confirmed, falseAlarms, examples }: PreviewSide): void {
  if (count === 0) return;
  const said = confirmed + falseAlarms === 0 ? '' : `，其中已核实属实 ${confirmed}，误报 ${falseAlarms}`;
  print(`  ${title} ${count} 条${said}`);
  for (const example of examples) {
    const level = `建议级别 ${levelStep(example.before)}→${levelStep(example.after)}`;
    print(`    信息 ${example.itemId}（${level}）${example.title}${example.snippet === '' ? '' : `　…${example.snippet}…`}`);
  }
}
