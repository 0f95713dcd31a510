import { GuanlanError } from '@guanlan/domain';
import { type Attributes, readXml } from '../feed/xml.ts';
import { oneLine } from '../text.ts';
import type { CatalogueSource, RawEntry } from './catalogue.ts';

/**
 * The subscriptions of an OPML document (http://opml.org/spec2.opml), whatever groups they stand in.
 *
 * @throws GuanlanError `bad-input` when it is no OPML
 */
export function readOpml(text: string): RawEntry[] {
  const entries: RawEntry[] = [];
  let root: string | null = null;
  readXml(text, {
    wantsText: false,
    open(name: string, attributes: Attributes) {
      root ??= name;
      if (name !== 'outline') return;
      const url = attributes.get('xmlurl')?.trim();
      if (url === undefined || url === '') return;
      const title = oneLine(attributes.get('title') || attributes.get('text') || '').slice(0, 200);
      entries.push({ line: entries.length + 1, value: { ...(title === '' ? {} : { name: title }), kind: 'feed', url } });
    },
    close() {},
    text() {},
  });
  if (root !== 'opml') throw new GuanlanError('bad-input', `文件不是 OPML：根元素是 <${String(root).slice(0, 40)}>。`);
  return entries;
}

/** OPML 2.0 of the sources that a feed reader can read; `left` are those it cannot. */
export function writeOpml(sources: readonly CatalogueSource[], now: Date): { text: string; left: CatalogueSource[] } {
  const left: CatalogueSource[] = [];
  const outlines = sources.flatMap((source) => {
    if (source.kind !== 'feed' && !(source.kind === 'rsshub' && /^https?:/iu.test(source.url))) {
      left.push(source);
      return [];
    }
    const name = escaped(source.name);
    return [`    <outline type="rss" text="${name}" title="${name}" xmlUrl="${escaped(source.url)}"/>`];
  });
  const head = `  <head>\n    <title>观澜信息源</title>\n    <dateCreated>${now.toUTCString()}</dateCreated>\n  </head>`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n${head}\n  <body>\n${outlines.join('\n')}\n  </body>\n</opml>\n`;
  return { text, left };
}

/** Without the control characters that XML 1.0 has no way to write. */
function escaped(value: string): string {
  const replaced: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return oneLine(value.replace(/[\p{Cc}\ufffe\uffff]/gu, ' ').toWellFormed()).replace(/[&<>"]/gu, (c) => replaced[c] ?? c);
}
