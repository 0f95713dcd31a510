import type { AuthorKind } from './source.ts';

/** What is known of an item at a glance. */
export interface Spoken {
  title: string;
  /** The beginning of its text. */
  snippet: string;
  authorKind: AuthorKind;
}

/** How an office heads what it says of a matter, and how its letters speak. */
const office = {
  title: /回应|答复|回复|辟谣|澄清|(?:情况|处理|处置|调查|进展|警情|事件|事故|官方|再次)(?:的)?(?:通报|说明|公告)|办理结果|办理情况/u,
  letter: /收悉|(?:答复|回复)如下|特此(?:答复|回复)/u,
};

/** How others head what an office has said. */
const told = /^[\s【[]*(?:官方|警方|(?:最新)?情况|警情|权威)(?:最新|再次|已)?(?:通报|回应|说明|辟谣|答复|发布|调查)/u;

/** What reads so and is none. */
const other = /通报会|新闻通气|通报表扬|通报表彰|通报批评|尚未回应|暂未回应|未作回应|拒绝回应|未回应|不回应/u;

/**
 * Whether an item reads like an office's word on a matter: a reply, a statement, a denial, a bulletin. It is a _response_ only where
 * the matter was told before; as the first of its story it is the news itself. By form alone: it says nothing of whether it answers well.
 */
export function isOfficialWord({ title, snippet, authorKind }: Spoken): boolean {
  if (other.test(title)) return false;
  if (authorKind === 'agency') return office.title.test(title) || office.letter.test(snippet);
  return authorKind !== 'individual' && told.test(title);
}
