/** The thirteen categories. Ids are fixed: rules, rows, exports and other programs name them. */
export const categories = [
  { id: 'disaster', title: '自然灾害', department: '应急管理局' },
  { id: 'accident', title: '事故灾难', department: '应急管理局' },
  { id: 'health', title: '公共卫生', department: '卫生健康局' },
  { id: 'food', title: '食品药品安全', department: '市场监督管理局' },
  { id: 'school', title: '教育校园', department: '教育局' },
  { id: 'environment', title: '环境污染', department: '生态环境局' },
  { id: 'traffic', title: '交通出行', department: '交通运输局' },
  { id: 'consumer', title: '消费维权', department: '市场监督管理局' },
  { id: 'labour-housing', title: '欠薪物业住房', department: '人力资源和社会保障局、住房和城乡建设局' },
  { id: 'fraud', title: '电信网络诈骗', department: '公安局' },
  { id: 'rumour', title: '谣言辟谣', department: '网络安全和信息化委员会办公室' },
  { id: 'cyber', title: '网络安全', department: '网络安全和信息化委员会办公室' },
  { id: 'public-service', title: '民生服务投诉', department: '行政审批局' },
] as const;

export type CategoryId = (typeof categories)[number]['id'];

export const categoryIds: readonly CategoryId[] = categories.map((c) => c.id);

const byId = new Map(categories.map((c) => [c.id, c]));

/** Title and responsible department (the default suggestion of who answers) of a category. */
export function categoryInfo(id: CategoryId): (typeof categories)[number] {
  const found = byId.get(id);
  if (!found) throw new RangeError(`unknown category ${id}`);
  return found;
}
