import { declaredCharset, escapeMarkup } from './encoding.ts';
import { demoMark } from './page.ts';
import type { Publication } from './schedule.ts';
import type { FeedFormat, Site } from './sites.ts';

export interface FeedDocument {
  contentType: string;
  text: string;
}

interface FeedContext {
  site: Site;
  /** Address of the feed. */
  url: string;
  items: readonly (Publication & { url: string })[];
}

/** A feed of the given format, newest first as given. */
export function renderFeed(format: FeedFormat, context: FeedContext): FeedDocument {
  return render[format](context);
}

const render: Readonly<Record<FeedFormat, (context: FeedContext) => FeedDocument>> = {
  rss: ({ site, url, items }) => ({
    contentType: `text/xml; charset=${declaredCharset(site)}`,
    text: `${prologue(site)}<rss version="2.0">
<channel>
<title>${escapeMarkup(titleOf(site))}</title>
<link>${escapeMarkup(url)}</link>
<description>${demoMark}</description>
${items
  .map(
    (item) => `<item>
<title><![CDATA[${item.title}]]></title>
<link>${escapeMarkup(item.url)}</link>
<guid isPermaLink="true">${escapeMarkup(item.url)}</guid>
<pubDate>${item.publishedAt.toUTCString()}</pubDate>
<description><![CDATA[${htmlOf(item)}]]></description>
</item>
`,
  )
  .join('')}</channel>
</rss>
`,
  }),

  atom: ({ site, url, items }) => ({
    contentType: `application/atom+xml; charset=${declaredCharset(site)}`,
    text: `${prologue(site)}<feed xmlns="http://www.w3.org/2005/Atom">
<title>${escapeMarkup(titleOf(site))}</title>
<subtitle>${demoMark}</subtitle>
<id>${escapeMarkup(url)}</id>
<link rel="self" href="${escapeMarkup(url)}"/>
<updated>${(items[0]?.publishedAt ?? new Date(0)).toISOString()}</updated>
${items
  .map(
    (item) => `<entry>
<title>${escapeMarkup(item.title)}</title>
<id>tag:demo.invalid,2026:${site.id}/${item.id}</id>
<link rel="alternate" type="text/html" href="${escapeMarkup(item.url)}"/>
<published>${item.publishedAt.toISOString()}</published>
<updated>${item.publishedAt.toISOString()}</updated>
<content type="html">${escapeMarkup(htmlOf(item))}</content>
</entry>
`,
  )
  .join('')}</feed>
`,
  }),

  rdf: ({ site, url, items }) => ({
    contentType: `application/rdf+xml; charset=${declaredCharset(site)}`,
    text: `${prologue(site)}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="${escapeMarkup(url)}">
<title>${escapeMarkup(titleOf(site))}</title>
<link>${escapeMarkup(url)}</link>
<description>${demoMark}</description>
<items><rdf:Seq>${items.map((item) => `<rdf:li rdf:resource="${escapeMarkup(item.url)}"/>`).join('')}</rdf:Seq></items>
</channel>
${items
  .map(
    (item) => `<item rdf:about="${escapeMarkup(item.url)}">
<title>${escapeMarkup(item.title)}</title>
<link>${escapeMarkup(item.url)}</link>
<dc:date>${item.publishedAt.toISOString()}</dc:date>
<description>${escapeMarkup(item.paragraphs.join('\n'))}</description>
</item>
`,
  )
  .join('')}</rdf:RDF>
`,
  }),

  json: ({ site, url, items }) => ({
    contentType: 'application/feed+json; charset=utf-8',
    text: JSON.stringify(
      {
        version: 'https://jsonfeed.org/version/1.1',
        title: titleOf(site),
        description: demoMark,
        feed_url: url,
        items: items.map((item) => ({
          id: item.url,
          url: item.url,
          title: item.title,
          content_text: item.paragraphs.join('\n'),
          date_published: item.publishedAt.toISOString(),
        })),
      },
      null,
      1,
    ),
  }),
};

function prologue(site: Site): string {
  return `<?xml version="1.0" encoding="${declaredCharset(site)}"?>\n`;
}

function titleOf(site: Site): string {
  return `${site.name}（演示）`;
}

function htmlOf({ paragraphs }: Publication): string {
  return paragraphs.map((paragraph) => `<p>${escapeMarkup(paragraph)}</p>`).join('');
}
