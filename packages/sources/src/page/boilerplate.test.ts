import { expect, it } from 'vitest';
import { trimBoilerplate } from './boilerplate.ts';

const body = ['第一段讲了发生的事情。', '第二段讲了处理的经过。', '第三段讲了今后的打算。'];

it('cuts the repeated title and byline at the head, and lists of other articles at the end', () => {
  const text = [
    '某县“通报” 一则',
    '来源：本站 作者：宣传科',
    '时间：2026年11月23日 10:05 浏览：33',
    ...body,
    '相关推荐',
    '别的文章',
    '2026-11-20',
  ].join('\n');
  expect(trimBoilerplate(text, '某县通报一则')).toBe(body.join('\n'));
});

it('cuts a former title, editors, buttons and titles of other articles that have their dates', () => {
  const text = [
    '（原标题：某县通报一则情况）',
    body[0],
    '点击进入专题：',
    body[1],
    '扫一扫在手机打开当前页',
    body[2],
    '（责任编辑：某某）',
    '【打印】【关闭窗口】',
    '别的一篇文章的标题',
    '2026-11-20',
    '再一篇别的文章的标题',
    '2026-11-19',
  ].join('\n');
  expect(trimBoilerplate(text, '通报')).toBe(body.join('\n'));
});

it('leaves an article as it is', () => {
  for (const text of [
    body.join('\n'),
    ['相关链接中断导致缴费失败的情况说明', ...body].join('\n'),
    ['2026年11月23日，县里召开会议，部署冬季消防安全检查工作。', ...body].join('\n'),
    [...body, '某县人民政府办公室', '2026年11月23日'].join('\n'),
    ['来源：只有这一行'].join('\n'),
    '只有一行',
    '',
  ]) {
    expect(trimBoilerplate(text, '标题')).toBe(text);
  }
});
