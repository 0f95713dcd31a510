import { describe, expect, it } from 'vitest';
import { oneLine, plainText, plainTitle, tidy } from './text.ts';

describe('plainText', () => {
  it.each([
    ['', ''],
    ['没有标记的\n两行', '没有标记的\n两行'],
    ['<p>第一段</p>\n\n<p>第二段</p>', '第一段\n第二段'],
    ['一<br>二<br/>三', '一\n二\n三'],
    ['<b>重</b><i>要</i>', '重要'],
    ['甲&nbsp;&amp;&nbsp;乙 &hellip; &#20013;', '甲 & 乙 … 中'],
    ['前<script>alert("<p>")</script><style>p{}</style>后', '前后'],
    ['<ul><li>一<li>二</ul>', '一\n二'],
    ['<table><tr><td>姓名</td><td>人数</td></tr></table>', '姓名\n人数'],
    ['  　　全角缩进\r\n\r\n\t下一段　', '全角缩进\n下一段'],
    ['5 < 6 & 7 > 2', '5 < 6 & 7 > 2'],
    ['<!-- 注释 --><p title="a>b">文</p>', '文'],
    ['没有闭合的 <a href="x', '没有闭合的'],
    ['&lt;p&gt;多转义了一次&lt;/p&gt;', '多转义了一次'],
    ['a\u00a0\u3000b', 'a b'],
  ])('%j → %j', (markup, text) => expect(plainText(markup)).toBe(text));

  it('is bounded', () => expect(plainText(`<p>${'字'.repeat(1_000)}`, 100).length).toBeLessThanOrEqual(100));
});

describe('plainTitle', () => {
  it.each([
    ['<b>通知</b>\n关于停水', '通知 关于停水'],
    ['C++ 的 <vector> 与 <提醒> 一则', 'C++ 的 <vector> 与 <提醒> 一则'],
    ['甲 &amp;amp; 乙', '甲 &amp; 乙'],
    ['A &amp; B', 'A & B'],
  ])('%j → %j', (markup, text) => expect(plainTitle(markup)).toBe(text));
});

it('tidy is what the plain definition says', () => {
  const plain = (text: string) =>
    text
      .split(/[\r\n]+/u)
      .map((line) => line.replace(/\s+/gu, ' ').trim())
      .filter(Boolean)
      .join('\n');
  const parts = ['甲', ' ', '  ', '\n', '\r\n', '\t', '\u3000', '\u00a0', 'b', '\u2028', '\ufeff'];
  let seed = 7;
  for (let round = 0; round < 3_000; round++) {
    let text = '';
    for (let i = 0; i < 12; i++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      text += parts[seed % parts.length];
    }
    expect(tidy(text)).toBe(plain(text));
    expect(oneLine(text)).toBe(text.replace(/\s+/gu, ' ').trim());
  }
});
