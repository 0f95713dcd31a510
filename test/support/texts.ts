/** Deterministic Chinese posts of our own making, for load and crash tests: everyday noise with a share of incidents. */

/** Mulberry32: small, seedable, good enough to vary texts. */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Post {
  title: string;
  text: string;
  /** Written so that the shipped lexicon gives it a level and a place in the county. */
  incident: boolean;
}

/** One post, the same for the same number. `length` is the rough number of characters of its text. */
export function post(n: number, options: { incidentShare?: number; length?: number } = {}): Post {
  const next = random(n * 7_919 + 17);
  const incident = next() < (options.incidentShare ?? 0.05);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const sentences: string[] = [];
  let length = 0;
  const wanted = options.length ?? 80 + Math.floor(next() * next() * 1_400);
  while (length < wanted) {
    const sentence = `${pick(whens)}，${pick(whos)}${pick(wheres)}${pick(verbs)}${pick(things)}，${pick(closings)}。`;
    sentences.push(sentence);
    length += sentence.length;
  }
  if (!incident) return { title: `${pick(wheres)}${pick(verbs)}${pick(things)}（第${n}期）`, text: sentences.join(''), incident };
  const what = pick(incidents);
  const town = pick(towns);
  return { title: `巨鹿县${town}${what.title}（${n}）`, text: `${pick(whens)}，巨鹿县${town}${what.text}${sentences.join('')}`, incident };
}

const towns = ['小吕寨镇', '阎疃镇', '官亭镇', '王虎寨镇', '西郭城镇', '苏家营镇', '堤村乡', '张王疃乡', '观寨乡', '巨鹿镇'] as const;
const whens = ['今天上午', '昨天傍晚', '本周三', '上周末', '月初', '前几天', '入秋以来', '这个季度'] as const;
const whos = ['社区志愿者', '合作社社员', '老师和同学们', '几位退休职工', '图书馆读者', '文化站工作人员', '返乡青年', '种植户'] as const;
const wheres = [
  '在文化广场',
  '在镇便民中心',
  '在县图书馆',
  '在金银花基地',
  '在村口小公园',
  '在体育馆',
  '在农贸市场',
  '在社区活动室',
] as const;
const verbs = ['举办了', '参加了', '筹备着', '整理了', '观看了', '讨论了', '展示了', '交流了'] as const;
const things = [
  '读书分享会',
  '秧歌排练',
  '金银花采摘经验',
  '书法展览',
  '羽毛球友谊赛',
  '手机使用课堂',
  '老照片征集',
  '果树修剪技术',
  '春节联欢节目单',
  '非遗剪纸作品',
] as const;
const closings = [
  '大家都说收获不小',
  '现场气氛热烈',
  '下个月还会继续',
  '欢迎更多人报名',
  '详情见公众号后续推送',
  '照片已经整理成册',
  '许多家庭一起到场',
  '活动持续了两个小时',
] as const;
const incidents = [
  { title: '一厂房突发火灾', text: '一家厂房突然起火，现场浓烟滚滚，有2人被困，消防救援人员已赶到扑救。' },
  { title: '发生交通事故', text: '省道上发生一起交通事故，一辆货车与轿车相撞，造成3人受伤，道路拥堵。' },
  { title: '居民反映燃气泄漏', text: '某小区居民反映楼道内燃气泄漏，气味刺鼻，燃气公司正在抢修。' },
  { title: '学校食堂被曝饭菜有异物', text: '有家长反映学校食堂饭菜里吃出虫子，多名学生出现腹泻、呕吐。' },
  { title: '河道死鱼污水直排', text: '村民反映河里污水直排，河水发黑发臭，出现大量死鱼。' },
] as const;
