import { plainText } from '../text.ts';
import type { PageDocument } from './dom.ts';

/**
 * The main text of an article, by Mozilla's Readability; paragraphs are lines. It rearranges `document`, so it comes
 * last. Where it finds nothing the text is empty: a whole page's menus are no article.
 */
export async function readBody(document: PageDocument): Promise<string> {
  const { Readability } = await import('@mozilla/readability');
  try {
    const article = new Readability(document as never, { charThreshold: 100 }).parse();
    return typeof article?.content === 'string' ? plainText(article.content) : '';
  } catch {
    // It gives up on trees that a browser would have repaired; the caller then has the title and the date at least.
    return '';
  }
}
