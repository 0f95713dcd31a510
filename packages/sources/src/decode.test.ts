import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';

const chinese = '青禾县今天发布暴雨预警，请居民减少外出，注意防范山洪和内涝。';
const traditional = '青禾縣今天發布暴雨警報，請居民減少外出，注意防範山洪與淹水。';
const japanese = '本日、県内の広い範囲で大雨のおそれがあります。川の近くには行かないでください。';
const korean = '오늘 전국에 많은 비가 내리겠습니다. 외출을 줄이고 안전에 주의하시기 바랍니다.';

describe('detection without any declaration', () => {
  it.each([
    ['gb18030', chinese],
    ['big5', traditional],
    ['euc-jp', japanese],
    ['shift_jis', japanese],
    ['euc-kr', korean],
  ])('%s', (charset, text) => {
    const html = `<html><head><title>${text}</title></head><body class="page">`;
    expect(decode(iconv.encode(html, charset))).toEqual({ text: html, charset });
  });

  it('UTF-16 and UTF-32 by their zero bytes, with and without a mark', () => {
    const xml = `<?xml version="1.0"?><rss>${chinese}</rss>`;
    for (const charset of ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be']) {
      expect(decode(iconv.encode(xml, charset, { addBOM: false }))).toEqual({ text: xml, charset });
      expect(decode(iconv.encode(xml, charset, { addBOM: true })).text.replace('\ufeff', '')).toBe(xml);
    }
  });

  it('Latin-1', () => expect(decode(iconv.encode('<p>déjà vu à l’été, où êtes-vous</p>', 'windows-1252')).text).toContain('déjà vu'));
});

describe('declarations', () => {
  it('are followed: HTTP, XML, meta', () => {
    const bytes = iconv.encode(chinese, 'gb18030');
    expect(decode(bytes, { contentType: 'text/html; charset="GBK"' })).toEqual({ text: chinese, charset: 'gb18030' });
    const xml = `<?xml version="1.0" encoding="Big5"?><a>${traditional}</a>`;
    expect(decode(iconv.encode(xml, 'big5'))).toEqual({ text: xml, charset: 'big5' });
    const html = `<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>${chinese}`;
    expect(decode(iconv.encode(html, 'gb18030'))).toEqual({ text: html, charset: 'gb18030' });
  });

  it('do not count where the bytes are UTF-8', () => {
    const html = `<meta charset="gb2312"><p>${chinese}`;
    expect(decode(Buffer.from(html), { contentType: 'text/html; charset=gb2312' })).toEqual({ text: html, charset: 'utf-8' });
  });

  it('do not count where the bytes are not UTF-8', () => {
    const html = `<meta charset="utf-8"><p>${chinese}`;
    expect(decode(iconv.encode(html, 'gb18030'))).toEqual({ text: html, charset: 'gb18030' });
  });

  it("lose to the page's own when they are a server's blanket Latin-1", () => {
    const html = `<meta charset="gbk"><p>${chinese}`;
    expect(decode(iconv.encode(html, 'gb18030'), { contentType: 'text/html; charset=ISO-8859-1' }).text).toBe(html);
    expect(decode(iconv.encode(`<p>${chinese}`, 'gb18030'), { contentType: 'text/html; charset=ISO-8859-1' }).charset).toBe('gb18030');
  });

  it('decide for short GBK that happens to be valid UTF-8', () => {
    expect(decode(iconv.encode('联通', 'gb18030'), { contentType: 'text/plain; charset=gbk' }).text).toBe('联通');
  });

  it('nobody knows are passed over', () =>
    expect(decode(Buffer.from('abc'), { contentType: 'text/html; charset=x-nonsense' })).toEqual({ text: 'abc', charset: 'utf-8' }));
});

it('keeps UTF-8 with a few bad bytes UTF-8', () => {
  const bytes = Buffer.concat([Buffer.from(chinese.repeat(3)), Buffer.from([0xff, 0xe4, 0xb8]), Buffer.from(chinese)]);
  const { text, charset } = decode(bytes, { contentType: 'text/html; charset=gb2312' });
  expect(charset).toBe('utf-8');
  expect(text.startsWith(chinese) && text.endsWith(chinese)).toBe(true);
});

it('reads UTF-8 that was cut in the middle of a character', () => {
  const bytes = Buffer.from(chinese);
  expect(decode(bytes.subarray(0, bytes.length - 1)).charset).toBe('utf-8');
});

it('takes a charset that a person has set', () =>
  expect(decode(iconv.encode(traditional, 'big5'), { charset: 'big5' }).text).toBe(traditional));

it('refuses what is too large', () => expect(() => decode(new Uint8Array(33 * 1024 * 1024))).toThrow(/上限/u));
