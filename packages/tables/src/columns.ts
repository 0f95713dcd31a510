/** What a column can be taken as. `place` and `category` are added to the text, where the rules look for them. */
export const fieldTitles = {
  title: '标题',
  text: '正文',
  time: '时间',
  url: '网址',
  number: '编号',
  place: '区域',
  category: '类别',
} as const;
export type Field = keyof typeof fieldTitles;

/** Names that exports of hotlines and vendors use, the better ones first: where two columns could be one field, the earlier name wins. */
const knownNames: Record<Field, readonly string[]> = {
  title: ['标题', '诉求标题', '工单标题', '信息标题', '文章标题', '主题', '诉求主题', '事项名称', '问题概述', '题目', 'title', 'subject'],
  text: [
    ...['正文', '内容', '诉求内容', '工单内容', '反映内容', '信息内容', '文章内容', '问题描述', '诉求描述', '事项内容', '详细内容'],
    ...['全文', '描述', '摘要', 'text', 'content', 'body', 'description', 'summary'],
  ],
  time: [
    ...[
      '发布时间',
      '受理时间',
      '来电时间',
      '诉求时间',
      '登记时间',
      '创建时间',
      '发生时间',
      '提交时间',
      '工单时间',
      '发布日期',
      '受理日期',
      '时间',
      '日期',
    ],
    ...['publishedat', 'published', 'pubdate', 'time', 'date', 'createdat'],
  ],
  url: ['链接', '网址', '原文链接', '文章链接', '信息链接', '链接地址', '原文网址', '地址链接', 'url', 'link', 'href'],
  number: ['工单编号', '工单号', '受理编号', '受理单号', '流水号', '诉求编号', '信息编号', '编号', 'externalid', 'id', 'guid'],
  place: [
    '区域',
    '乡镇',
    '所属区域',
    '所属乡镇',
    '诉求区域',
    '事发地',
    '事发地点',
    '发生地点',
    '地点',
    '所属地区',
    '属地',
    '街道乡镇',
    '乡镇街道',
    'place',
    'region',
  ],
  category: ['类别', '诉求类别', '分类', '诉求分类', '问题类别', '类型', '诉求类型', '事项类别', '信息类别', 'category', 'type'],
};

const ranked = new Map<string, { field: Field; rank: number }>();
for (const [field, names] of Object.entries(knownNames)) {
  for (const [rank, name] of names.entries()) ranked.set(name, { field: field as Field, rank });
}

/** The field by its code or its Chinese name, or null. */
export function fieldOf(name: string): Field | null {
  const wanted = name.trim();
  const found = Object.entries(fieldTitles).find(([code, title]) => code === wanted || title === wanted);
  return found ? (found[0] as Field) : (ranked.get(plain(wanted))?.field ?? null);
}

/**
 * Which column is which field: by its name, unless `wanted` (column name → field, or null to leave the column out) says so. A field is
 * taken from one column. Columns that nothing is made of are not imported at all: names, telephone numbers and the like stay out.
 */
export function mapColumns(columns: readonly string[], wanted: ReadonlyMap<string, Field | null> = new Map()): Map<Field, number> {
  const best = new Map<Field, { column: number; rank: number }>();
  for (const [column, name] of columns.entries()) {
    const said = wanted.get(name);
    if (said === null) continue;
    const found = said === undefined ? ranked.get(plain(name)) : { field: said, rank: -1 };
    if (found === undefined) continue;
    const held = best.get(found.field);
    if (held === undefined || found.rank < held.rank) best.set(found.field, { column, rank: found.rank });
  }
  return new Map([...best].map(([field, { column }]) => [field, column]));
}

/** The trimmed cell of a field; empty text where no column is mapped to it. */
export function cellOf(mapping: ReadonlyMap<Field, number>, cells: readonly string[], field: Field): string {
  const column = mapping.get(field);
  return column === undefined ? '' : (cells[column] ?? '').trim();
}

/** How many different fields these names suggest. */
export function suggested(cells: readonly string[]): number {
  return mapColumns(cells).size;
}

/** Names are compared without what stands in brackets, white space, marks and letter case. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/gu, '')
    .replace(/[\s*:_-]/gu, '');
}
