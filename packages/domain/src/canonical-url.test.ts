import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUrl } from './canonical-url.ts';

describe('canonicalUrl', () => {
  it.each([
    ['https://news.example.cn/2026/11/t20261123_1.html', 'https://news.example.cn/2026/11/t20261123_1.html'],
    ['HTTPS://News.Example.CN', 'https://news.example.cn/'],
    ['http://news.example.cn:80/a', 'http://news.example.cn/a'],
    ['https://news.example.cn:8443/a', 'https://news.example.cn:8443/a'],
    ['https://user:pw@news.example.cn/a', 'https://news.example.cn/a'],
    ['https://news.example.cn/a/../b/./c', 'https://news.example.cn/b/c'],
    ['https://news.example.cn/a/', 'https://news.example.cn/a/'],
    ['https://news.example.cn/a#comments', 'https://news.example.cn/a'],
    ['https://news.example.cn/a#', 'https://news.example.cn/a'],
    ['https://news.example.cn/a?', 'https://news.example.cn/a'],
    ['https://news.example.cn/#/detail?id=1', 'https://news.example.cn/#/detail?id=1'],
    ['https://news.example.cn/#!/detail/1', 'https://news.example.cn/#!/detail/1'],
    ['https://news.example.cn/a?b=2&utm_source=x&a=1&UTM_Medium=y', 'https://news.example.cn/a?b=2&a=1'],
    ['https://news.example.cn/a?id=%E4%B8%AD&spm=1.2&gclid=3&fbclid=4&_t=5&share_token=6', 'https://news.example.cn/a?id=%E4%B8%AD'],
    ['https://news.example.cn/a?from=timeline&isappinstalled=0', 'https://news.example.cn/a'],
    ['https://news.example.cn/a?from=2026', 'https://news.example.cn/a?from=2026'],
    ['https://news.example.cn/list.do;jsessionid=0A1B?id=3', 'https://news.example.cn/list.do?id=3'],
    ['https://news.example.cn/新闻?标题=水', 'https://news.example.cn/%E6%96%B0%E9%97%BB?%E6%A0%87%E9%A2%98=%E6%B0%B4'],
    ['https://新闻.example.cn/a', 'https://xn--efvy88h.example.cn/a'],
    ['https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=1&sn=ab&chksm=cd&scene=21#rd', 'https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=1&sn=ab'],
    ['https://mp.weixin.qq.com/s/AbC-d_e', 'https://mp.weixin.qq.com/s/AbC-d_e'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['https://news.example.cn/a?tel=13800138000&id=3', 'https://news.example.cn/a?id=3'],
    ['https://news.example.cn/a?userPhone=%2B86+138-0013-8000', 'https://news.example.cn/a'],
    ['https://news.example.cn/a?q=13800138000', 'https://news.example.cn/a'],
    ['https://news.example.cn/a?q=zhang%40example.com&p=2', 'https://news.example.cn/a?p=2'],
    ['https://news.example.cn/a?sfzh=11010519491231002X', 'https://news.example.cn/a'],
    ['https://news.example.cn/a?key=11010519491231002X', 'https://news.example.cn/a'],
    ['https://news.example.cn/tel/13800138000', 'https://news.example.cn/tel/-'],
    ['https://news.example.cn/u/13800138000/posts', 'https://news.example.cn/u/-/posts'],
    ['https://news.example.cn/zhang@example.com/1', 'https://news.example.cn/-/1'],
    ['https://news.example.cn/#/ask?tel=13800138000', 'https://news.example.cn/#/ask'],
    ['https://news.example.cn/#/ask?tel=13800138000&id=7', 'https://news.example.cn/#/ask?id=7'],
    // What names a page stays, whatever its digits look like.
    ['https://news.example.cn/a?id=13800138000', 'https://news.example.cn/a?id=13800138000'],
    ['https://news.example.cn/a?articleId=13800138000&t=1764056400000', 'https://news.example.cn/a?articleId=13800138000&t=1764056400000'],
    ['https://news.example.cn/article/15812345678.html', 'https://news.example.cn/article/15812345678.html'],
    ['https://news.example.cn/p/15812345678', 'https://news.example.cn/p/15812345678'],
    ['https://news.example.cn/a?group=6222020000000000000', 'https://news.example.cn/a?group=6222020000000000000'],
    ['https://news.example.cn/a?mobile=1&view=tel', 'https://news.example.cn/a?mobile=1&view=tel'],
    ['  https://news.example.cn/a\n', 'https://news.example.cn/a'],
  ])('%s', (url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical);
  });

  it.each(['', 'news', '/a/b', 'ftp://news.example.cn/a', 'javascript:alert(1)', 'mailto:a@example.cn', 'http://', 'https://a b/'])(
    '%s is none',
    (url) => {
      expect(canonicalUrl(url)).toBeNull();
    },
  );

  it('is a URL as WHATWG writes it, and canonical itself', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '?tel=13800138000',
        '/u/13800138000',
        '@a.cn',
        '.',
        '..',
        '/',
        '//',
        '-',
        'xn--a',
        'A',
        'a.b',
        '#',
        '#/x',
        '?',
        '&',
        'utm_a=1',
        'x=2',
        ':80',
        ';jsessionid=1',
      ),
      fc.string(),
    );
    const address = fc
      .tuple(fc.constantFrom('http://', 'https://', 'HTTP://'), fc.domain(), fc.array(piece, { maxLength: 6 }))
      .map(([scheme, host, rest]) => `${scheme}${host}${rest.join('')}`);
    fc.assert(
      fc.property(fc.oneof(address, fc.webUrl({ withFragments: true, withQueryParameters: true })), (url) => {
        const canonical = canonicalUrl(url);
        if (canonical === null) {
          expect(URL.canParse(url)).toBe(false);
          return;
        }
        expect(new URL(canonical).href).toBe(canonical);
        expect(canonicalUrl(canonical)).toBe(canonical);
      }),
      { numRuns: 2_000 },
    );
  });
});
