import { gzipSync } from 'node:zlib';
import { GuanlanError } from '@guanlan/domain';
import { describe, expect, it } from 'vitest';
import { parseFeed } from './parse.ts';

const parse = (document: string, url?: string) => parseFeed(Buffer.from(document), url === undefined ? {} : { url });
const rss = (item: string, channel = '') => `<rss version="2.0"><channel><title>频道</title>${channel}<item>${item}</item></channel></rss>`;
const entry = (item: string) => parse(rss(item)).entries[0];
const atom = (content: string) => parse(`<feed xmlns="http://www.w3.org/2005/Atom"><entry>${content}</entry></feed>`).entries[0];

describe('formats', () => {
  it('RSS 2.0', () => {
    expect(
      parse(
        rss(
          '<title>标题</title><link>https://example.org/1</link><guid>https://example.org/?p=1</guid><pubDate>Mon, 23 Nov 2026 10:05:00 +0800</pubDate><description>正文</description>',
        ),
      ),
    ).toEqual({
      format: 'rss2.0',
      charset: 'utf-8',
      title: '频道',
      entries: [
        {
          id: 'https://example.org/?p=1',
          url: 'https://example.org/1',
          title: '标题',
          text: '正文',
          publishedAt: new Date('2026-11-23T02:05:00Z'),
          updatedAt: null,
        },
      ],
    });
  });

  it('RSS 1.0 with its items outside of the channel', () => {
    const feed = parse(
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>频道</title></channel><image><title>图</title></image><item rdf:about="https://example.org/1"><title>甲</title><d:date>2026-11-23</d:date></item></rdf:RDF>',
    );
    expect(feed).toMatchObject({
      format: 'rss1.0',
      title: '频道',
      entries: [{ url: 'https://example.org/1', title: '甲', publishedAt: new Date('2026-11-23T00:00:00Z') }],
    });
  });

  it('Atom 1.0 with the three types of text, under any prefix', () => {
    const feed = parse(
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://example.org/x/"><a:title type="html">&lt;b&gt;源&lt;/b&gt;</a:title><a:entry><a:id>tag:1</a:id><a:title type="text">a &lt; b</a:title><a:link rel="self" href="self"/><a:link href="y.html"/><a:source><a:title>别处</a:title><a:id>tag:9</a:id></a:source><a:author><a:name>某人</a:name></a:author><a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>一</p><p>二 &lt;br&gt;</p><script>x</script></div></a:content><a:updated>2026-11-23T10:05:00+08:00</a:updated></a:entry></a:feed>',
    );
    expect(feed).toMatchObject({ format: 'atom1.0', title: '源' });
    expect(feed.entries).toEqual([
      {
        id: 'tag:1',
        url: 'https://example.org/x/y.html',
        title: 'a < b',
        text: '一\n二 <br>',
        publishedAt: new Date('2026-11-23T02:05:00Z'),
        updatedAt: new Date('2026-11-23T02:05:00Z'),
      },
    ]);
    expect(JSON.stringify(feed)).not.toContain('某人');
  });

  it('Atom 0.3', () => {
    const feed = parse(
      '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">&lt;i&gt;甲&lt;/i&gt;</title><issued>2026-11-23T10:05:00Z</issued><content mode="base64">5q2j5paH</content></entry></feed>',
    );
    expect(feed).toMatchObject({
      format: 'atom0.3',
      entries: [{ title: '甲', text: '正文', publishedAt: new Date('2026-11-23T10:05:00Z') }],
    });
  });

  it('JSON Feed', () => {
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      title: '源',
      home_page_url: 'https://example.org/',
      items: [
        { id: 7, url: '/7', title: '甲', content_html: '<p>一</p><p>二</p>', date_published: '2026-11-23T10:05:00+08:00' },
        null,
        'x',
      ],
    };
    expect(parse(JSON.stringify(feed))).toMatchObject({
      format: 'json1.1',
      title: '源',
      entries: [{ id: '7', url: 'https://example.org/7', text: '一\n二', publishedAt: new Date('2026-11-23T02:05:00Z') }],
    });
  });

  it('a feed sent as a gzip file', () => expect(parseFeed(gzipSync(rss('<title>甲</title>'))).entries).toHaveLength(1));
});

describe('text', () => {
  it('prefers the full text to the summary, and a summary to nothing', () => {
    expect(entry('<description>摘要</description><content:encoded><![CDATA[<p>全文</p>]]></content:encoded>')?.text).toBe('全文');
    expect(entry('<description>摘要</description><content:encoded><![CDATA[<img src="x">]]></content:encoded>')?.text).toBe('摘要');
  });

  it('reads escaped, doubly escaped, CDATA and unescaped markup alike', () => {
    for (const markup of [
      '&lt;p&gt;一&lt;/p&gt;&lt;p&gt;二&lt;/p&gt;',
      '&amp;lt;p&amp;gt;一&amp;lt;/p&amp;gt;二',
      '<![CDATA[<p>一</p>二]]>',
      '<p>一</p><p>二</p>',
      '一<br>二',
    ]) {
      expect(entry(`<description>${markup}</description><title>后</title>`)).toMatchObject({ text: '一\n二', title: '后' });
    }
  });

  it('knows HTML entities and those the document declares, one level deep', () => {
    expect(entry('<title>甲&middot;乙&nbsp;丙</title>')?.title).toBe('甲·乙 丙');
    const doctype = '<!DOCTYPE rss [<!ENTITY county "青禾县"><!ENTITY both "&county;人"><!ENTITY file SYSTEM "file:///etc/passwd">]>';
    const title = parse(`<?xml version="1.0"?>${doctype}${rss('<title>&county;通知 &both; &file;</title>')}`).entries[0]?.title;
    expect(title).toBe('青禾县通知 &county;人 &file;');
  });
});

describe('addresses', () => {
  it('takes the page, not what hangs on it', () => {
    expect(
      entry(
        '<enclosure url="https://example.org/a.mp3"/><guid isPermaLink="false">https://example.org/g</guid><link>https://example.org/1</link>',
      )?.url,
    ).toBe('https://example.org/1');
    expect(entry('<enclosure url="https://example.org/a.mp3"/><guid>https://example.org/g</guid>')?.url).toBe('https://example.org/g');
    expect(
      atom('<link rel="enclosure" href="https://example.org/a.mp3"/><link rel="alternate" type="text/html" href="https://example.org/1"/>')
        ?.url,
    ).toBe('https://example.org/1');
  });

  it('resolves relative ones: xml:base, then the address of the feed, then its link', () => {
    expect(
      parse('<rss xml:base="https://a.example/x/"><channel><item><link>1</link></item></channel></rss>', 'https://b.example/').entries[0]
        ?.url,
    ).toBe('https://a.example/x/1');
    expect(parse(rss('<link>/1</link>'), 'https://b.example/feed').entries[0]?.url).toBe('https://b.example/1');
    expect(parse(rss('<link>/1</link>', '<link>https://c.example/</link>')).entries[0]?.url).toBe('https://c.example/1');
    expect(entry('<link>/1</link>')?.url).toBeNull();
  });

  it('are http and https only', () => expect(entry('<link>javascript:alert(1)</link>')?.url).toBeNull());
});

describe('what is not well-formed', () => {
  it('gives what can be read', () => {
    expect(
      parse('<rss><channel><item><title>甲</title><item><title>乙 & 丙</title><link>https://example.org/2').entries.map(
        (each) => each.title,
      ),
    ).toEqual(['甲', '乙 & 丙']);
    expect(parse('<RSS><CHANNEL><ITEM><TITLE>甲</Title></ITEM></CHANNEL></RSS>').entries).toMatchObject([{ title: '甲' }]);
    expect(parse(`\n\n  警告：某处出错\n<?xml version="1.0"?>${rss('<title>甲')}`).entries).toMatchObject([{ title: '甲' }]);
    expect(entry('<title>甲<link>https://example.org/</link>')?.title).toContain('甲');
  });

  it('never invents a date', () => {
    expect(entry('<title>甲</title>')).toMatchObject({ publishedAt: null, updatedAt: null });
    expect(entry('<pubDate>昨天下午</pubDate>')?.publishedAt).toBeNull();
    expect(entry('<pubDate>Tue, 31 Feb 2026 10:00:00 GMT</pubDate>')?.publishedAt).toBeNull();
  });
});

describe('what is no feed is called what it looks like', () => {
  it.each([
    ['', '空'],
    ['<!DOCTYPE html><html><head><title>x</title></head><body><item>y</item></body></html>', '网页'],
    ['{"code": 0, "data": []}', 'JSON'],
    ['{"items": [', 'JSON'],
    ['只是一句话', '普通文本'],
    ['<urlset><url><loc>https://example.org/</loc></url></urlset>', '站点地图'],
    ['<opml version="2.0"><body/></opml>', 'OPML'],
    ['<note/>', '<note>'],
  ])('%j', (document, word) => {
    const read = () => parse(document);
    expect(read).toThrow(GuanlanError);
    expect(read).toThrow(expect.objectContaining({ code: 'not-a-feed', message: expect.stringContaining(word) }));
  });
});
