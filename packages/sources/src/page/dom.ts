import { Tokenizer } from 'htmlparser2';

/** As much of a DOM element as reading pages needs; linkedom has the rest. */
export interface PageElement {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly innerHTML: string;
  readonly className: string;
  readonly parentElement: PageElement | null;
  readonly previousElementSibling: PageElement | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  contains(other: PageElement): boolean;
  remove(): void;
}

export interface PageDocument {
  readonly documentElement: PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** How large a tree may get. */
export interface TreeLimits {
  depth: number;
  elements: number;
  texts: number;
  /** Sum of the elements' depths, and of their squares. */
  depths: number;
  squares: number;
}

/**
 * A tree beyond these is no page anybody reads, and costs far more than its length: it is read as text only. Much of what
 * works on trees walks to the root from every element, and does so again for each ancestor, hence the bounds on depths.
 */
const listLimits: TreeLimits = { depth: 250, elements: 25_000, texts: 60_000, depths: 300_000, squares: 6_000_000 };
/**
 * Finding an article's body goes over the tree several times. The largest of 160 real pages had 3,000 elements, depths of 21,000 and
 * squares of 190,000; at these bounds it takes about a second.
 */
export const articleLimits: TreeLimits = { depth: 250, elements: 9_000, texts: 25_000, depths: 65_000, squares: 800_000 };
const longest = 4_000_000;

/** The page as a tree, or null when it is too deep or too large for one. linkedom is loaded with the first page. */
export async function parsePage(html: string, limits: TreeLimits = listLimits): Promise<PageDocument | null> {
  const source = html.length > longest ? html.slice(0, longest) : html;
  if (!fits(source, limits)) return null;
  const { parseHTML } = await import('linkedom');
  // Without the outer elements linkedom takes the first element for the whole document.
  const whole = /<html[\s>]/iu.test(source) ? source : `<!doctype html><html><head></head><body>${source}</body></html>`;
  const { document } = parseHTML(whole) as unknown as { document: PageDocument };
  return document;
}

/** Elements that have no end tag, or whose end tag people leave out: they do not nest by being many. */
const flat = new Set(
  'area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option thead tbody tfoot body html head'.split(
    ' ',
  ),
);

/** Counts what a tree would hold in one pass, without building any of it. */
function fits(html: string, limits: TreeLimits): boolean {
  // Names of what is open. An end tag closes its own element and what was left open inside it; one that has none closes nothing.
  const open: string[] = [];
  let deepest = 0;
  let elements = 0;
  let texts = 0;
  let depths = 0;
  let squares = 0;
  const nothing = () => {};
  const text = () => {
    texts += 1;
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      onopentagname(start, end) {
        elements += 1;
        depths += open.length;
        squares += open.length * open.length;
        const name = html.slice(start, end).toLowerCase();
        // Too deep already: how deep it is does not matter, and looking through all of it would cost.
        if (!flat.has(name) && deepest <= limits.depth) open.push(name);
        if (open.length > deepest) deepest = open.length;
      },
      onclosetag(start, end) {
        const at = open.lastIndexOf(html.slice(start, end).toLowerCase());
        if (at !== -1) open.length = at;
      },
      onselfclosingtag: nothing,
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onattribname: nothing,
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onopentagend: nothing,
      onprocessinginstruction: nothing,
      ontext: text,
      ontextentity: text,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  // Every reference may split a text in two, also one that nobody knows.
  for (let at = html.indexOf('&'); at !== -1 && texts <= limits.texts; at = html.indexOf('&', at + 1)) texts += 1;
  return (
    deepest <= limits.depth && elements <= limits.elements && texts <= limits.texts && depths <= limits.depths && squares <= limits.squares
  );
}
