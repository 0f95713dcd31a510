import { describe, expect, it } from 'vitest';
import { fileTitle, joinFiles, splitFiles } from './rule-files.ts';

describe('the files of a lexicon', () => {
  it('are what the marker lines divide, and joined again the same text', () => {
    const body = '#!文件 00-a.txt\n屏蔽 火爆\n\n降级 演练\n  词 演练\n#!文件 01-b.txt\n[类别 自然灾害]\n规则 水 III\n  条件 洪水\n';
    const files = splitFiles(body);
    expect(files).toEqual([
      { name: '00-a.txt', text: '屏蔽 火爆\n\n降级 演练\n  词 演练' },
      { name: '01-b.txt', text: '[类别 自然灾害]\n规则 水 III\n  条件 洪水' },
    ]);
    expect(joinFiles(files)).toBe(body);
    expect(files.map(fileTitle)).toEqual(['00-a', '自然灾害']);
  });

  it('is one without a name where there is no marker', () => {
    const body = '[类别 accident]\n规则 火 III\n  条件 起火\n';
    expect(splitFiles(body)).toEqual([{ name: '', text: body.trimEnd() }]);
    expect(joinFiles(splitFiles(body))).toBe(body);
  });
});
