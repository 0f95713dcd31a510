import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from './cli.ts';

/** Wrong usage is found before anything is opened: no database is needed to hear of it. */
describe('wrong usage', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  });
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [['source', 'pause', 'abc'], '错误：参数 <编号> 不对：应为编号（正整数），不是 abc'],
    [['source', 'run', '1', 'x'], '错误：参数 <编号> 不对：应为编号（正整数），不是 x'],
    [['channel', 'remove', '0'], '应为编号（正整数），不是 0'],
    [['token', 'revoke', '9e9'], '应为编号（正整数），不是 9e9'],
    [['drill', 'report', 'abc'], '应为编号（正整数），不是 abc'],
    [['unit', 'revoke', '-1x'], '选项'],
    [['training', 'list', '--year', 'abc'], '应为四位年份，如 2026，不是 abc'],
    [['progress', '--year', '26'], '应为四位年份'],
    [['page', 'x.html', '--charset', 'bogus'], '没有这种编码：bogus'],
    [['pack', '--out', 'x.pdf'], '--out 应以 .docx 或 .md 结尾'],
    [['source', 'add', 'https://example.cn/', '--every', '5x'], '--every 应为 1 秒到 7 天之间的时长'],
    [['training', 'add', '--kind', 'x', '--date', '2026-02-30', '--topic', '题', '--people', '0'], '--kind 应为 business 或 media'],
    [['unit', 'add', '村', '--kind', 'x'], '--kind 应为'],
    [['drill', 'start', '--wait', 'x'], '--wait 应为秒数'],
    [['up', '--services', 'bogus'], '没有名为 bogus 的服务'],
  ])('ends with 2 and says what it should be: %j', async (argv, sentence) => {
    expect(await runCli(argv)).toBe(2);
    expect(said.join('')).toContain(sentence);
  });
});
