/** An event as it is set beside another. */
export interface KindredInput {
  title: string;
  /** Named in its items: the county, townships, villages, roads, rivers. */
  places: readonly string[];
  /** What its level was found by; two happenings of one sort share it, so it says nothing about which. */
  terms: readonly string[];
}

/** What speaks for two events being one happening told in other words. */
export interface Kindred {
  /** Below the county, both name them. */
  places: string[];
  /** Stand in both titles, the longest first. */
  words: string[];
}

/** Characters that shared words must come to, where a place below the county is shared and where none is. */
const enough = { place: 2, county: 4 };
const shortest = 2;

/**
 * Says whether two events of one category and about one time may be one happening that reads too differently to be joined without a
 * person: a neighbour's post and the bureau's bulletin. Null when nothing speaks for it, or they name different townships or villages.
 */
export function kindredOf(a: KindredInput, b: KindredInput): Kindred | null {
  const [ours, theirs] = [a.places.filter(isLocal), b.places.filter(isLocal)];
  const places = ours.filter((name) => theirs.includes(name));
  if (places.length === 0 && ours.length > 0 && theirs.length > 0) return null;
  if (places.length === 0 && !a.places.some((name) => b.places.includes(name))) return null;
  const told = new Set([...a.places, ...b.places, ...a.terms, ...b.terms].flatMap((name) => [name, name.replace(/[县市区镇乡村]$/u, '')]));
  const words = sharedWords(a.title, b.title, told);
  const length = words.reduce((sum, word) => sum + word.length, 0);
  return length >= (places.length > 0 ? enough.place : enough.county) ? { places, words } : null;
}

function isLocal(place: string): boolean {
  return !/[县市区省]$/u.test(place);
}

/** What both titles have in common, runs of Chinese characters of at least two, without what says nothing. */
function sharedWords(a: string, b: string, without: ReadonlySet<string>): string[] {
  const [ours, theirs] = [runsOf(a, without), runsOf(b, without)];
  const found = new Set<string>();
  for (const run of ours) {
    for (let from = 0; from + shortest <= run.length; ) {
      let length = 0;
      for (let to = from + shortest; to <= run.length && theirs.some((other) => other.includes(run.slice(from, to))); to++)
        length = to - from;
      const word = run.slice(from, from + length).replace(/^[一某这那个家名]+/u, '');
      if (word.length >= shortest) found.add(word);
      from += Math.max(1, length);
    }
  }
  return [...found].sort((x, y) => y.length - x.length || (x < y ? -1 : 1));
}

function runsOf(title: string, without: ReadonlySet<string>): string[] {
  let rest = title.slice(0, titleLimit);
  const names = [...without, ...idle].filter((name) => name.length >= shortest).sort((x, y) => y.length - x.length);
  for (const name of names) rest = rest.replaceAll(name, ' ');
  return rest.match(/[\u4e00-\u9fff]+/gu)?.filter((run) => run.length >= shortest) ?? [];
}

const titleLimit = 120;

/** Words that stand in titles of anything. */
const idle = [
  ...[
    '关于',
    '情况',
    '问题',
    '通报',
    '通告',
    '公告',
    '说明',
    '回应',
    '答复',
    '处理',
    '反映',
    '突发',
    '最新',
    '消息',
    '今天',
    '昨天',
    '今日',
    '昨日',
  ],
  ...[
    '发生',
    '造成',
    '导致',
    '已经',
    '正在',
    '一个',
    '一家',
    '一起',
    '一名',
    '这边',
    '我们',
    '我县',
    '全县',
    '县城',
    '网友',
    '网传',
    '有关',
  ],
  ...[
    '部门',
    '相关',
    '附近',
    '进行',
    '多名',
    '什么',
    '怎么',
    '为何',
    '请问',
    '希望',
    '尽快',
    '调查',
    '现场',
    '群众',
    '居民',
    '村民',
    '市民',
  ],
];
