import type { AuthorKind } from '@guanlan/domain';

export type FeedFormat = 'rss' | 'atom' | 'json' | 'rdf';
export type ListLayout = 'lines' | 'table' | 'cards';

/** What becomes of a site while the county lives, in seconds after its start. */
export type Fate =
  | { kind: 'dies'; at: number }
  | { kind: 'login'; at: number; delayMs: number }
  | { kind: 'moves'; at: number }
  | { kind: 'disallowed' };

/** One site of the demo county's web. */
export interface Site {
  id: string;
  /** As its pages call it; the watching side sees it marked as a demonstration. */
  name: string;
  shape: { feed: FeedFormat } | { list: ListLayout; selectors?: Record<string, string> };
  /** The encoding of its bytes. */
  charset: 'utf-8' | 'gb18030' | 'gbk';
  /** What its documents say their encoding is, where that is not `charset`. */
  declared?: string;
  authorKind: AuthorKind;
  /** What it brings counts as about the county. */
  local: boolean;
  everySeconds: number;
  fate?: Fate;
}

const feed = (format: FeedFormat) => ({ feed: format });
const list = (layout: ListLayout, selectors?: Record<string, string>) => (selectors ? { list: layout, selectors } : { list: layout });

const gb = { charset: 'gb18030' } as const;
const gbk = { charset: 'gbk' } as const;
const utf8 = { charset: 'utf-8' } as const;
const agency = { authorKind: 'agency', local: true } as const;
const townsfolk = { authorKind: 'individual', local: true } as const;
const localMedia = { authorKind: 'media', local: true } as const;
const media = { authorKind: 'media', local: false } as const;
const organisation = { authorKind: 'organisation', local: true } as const;

/** The county's web, in the order in which its front page lists it. */
export const sites: readonly Site[] = [
  { id: 'gov', name: '巨鹿县政府网·通知公告', shape: list('lines'), ...gb, ...agency, everySeconds: 15 },
  { id: 'guanting', name: '官亭镇·政务公开', shape: list('lines'), ...utf8, ...agency, everySeconds: 15 },
  { id: 'wanghuzhai', name: '王虎寨镇·工作动态', shape: list('cards'), ...gb, declared: 'gb2312', ...agency, everySeconds: 20 },
  { id: 'portal', name: '巨鹿之窗', shape: list('cards'), ...utf8, ...localMedia, everySeconds: 12 },
  {
    id: 'liuyan',
    name: '巨鹿留言板',
    shape: list('table', { item: 'table.posts tr.post', link: 'td.subject a', date: 'td.time' }),
    ...gb,
    ...townsfolk,
    everySeconds: 10,
  },
  { id: 'hotline', name: '12345热线公开答复', shape: list('table'), ...utf8, ...agency, everySeconds: 15 },
  { id: 'yingji', name: '县应急管理局·工作信息', shape: list('lines'), ...gbk, declared: 'gb2312', ...agency, everySeconds: 12 },
  { id: 'renshe', name: '县人社局·招聘培训', shape: list('lines'), ...utf8, ...agency, everySeconds: 20 },
  { id: 'wenlv', name: '县文旅局·活动预告', shape: list('cards'), ...utf8, ...agency, everySeconds: 20 },
  { id: 'xt-list', name: '邢台门户·县区动态', shape: list('lines'), ...gbk, ...media, everySeconds: 15 },
  {
    id: 'neibu',
    name: '巨鹿之窗·站内资料（网站不允许采集）',
    shape: list('lines'),
    ...utf8,
    ...localMedia,
    everySeconds: 20,
    fate: { kind: 'disallowed' },
  },
  { id: 'rongmei', name: '巨鹿县融媒体中心', shape: feed('rss'), ...utf8, ...localMedia, everySeconds: 10 },
  { id: 'jiaoyu', name: '县教育局', shape: feed('rss'), ...gb, ...agency, everySeconds: 15 },
  { id: 'weijian', name: '县卫健局', shape: feed('rss'), ...gbk, ...agency, everySeconds: 15 },
  { id: 'shijian', name: '县市场监管局', shape: feed('atom'), ...utf8, ...agency, everySeconds: 15 },
  { id: 'gongshui', name: '县供水公司公告', shape: feed('rss'), ...gb, declared: 'gb2312', ...organisation, everySeconds: 20 },
  {
    id: 'gongre',
    name: '县供热公司公告',
    shape: feed('rss'),
    ...utf8,
    ...organisation,
    everySeconds: 20,
    fate: { kind: 'moves', at: 90 },
  },
  { id: 'nongye', name: '巨鹿农事', shape: feed('rdf'), ...utf8, ...agency, everySeconds: 20 },
  { id: 'qixiang', name: '县气象服务', shape: feed('atom'), ...gb, ...agency, everySeconds: 20 },
  // Its documents are UTF-8 and say GB2312: a template that was changed and a setting that was not.
  { id: 'chuxing', name: '巨鹿出行', shape: feed('rss'), ...utf8, declared: 'gb2312', ...organisation, everySeconds: 15 },
  { id: 'bbs', name: '巨鹿论坛', shape: feed('rss'), ...gb, ...townsfolk, everySeconds: 10 },
  { id: 'tieba', name: '巨鹿话题圈', shape: feed('json'), ...utf8, ...townsfolk, everySeconds: 10 },
  { id: 'shenghuo', name: '巨鹿生活（公众号镜像）', shape: feed('json'), ...utf8, ...organisation, everySeconds: 12 },
  { id: 'chihe', name: '同城吃喝玩乐', shape: feed('rss'), ...utf8, ...organisation, everySeconds: 15 },
  {
    id: 'tongcheng',
    name: '同城信息小站',
    shape: feed('rss'),
    ...gbk,
    ...organisation,
    everySeconds: 15,
    fate: { kind: 'dies', at: 150 },
  },
  {
    id: 'jiuban',
    name: '旧版公告栏',
    shape: feed('rss'),
    ...utf8,
    ...agency,
    everySeconds: 20,
    fate: { kind: 'login', at: 60, delayMs: 3_000 },
  },
  { id: 'xt-county', name: '邢台门户·县区栏目', shape: feed('rss'), ...gb, ...media, everySeconds: 12 },
  { id: 'xt-society', name: '邢台晚间·社会', shape: feed('atom'), ...utf8, ...media, everySeconds: 12 },
  { id: 'menhu', name: '远方新闻门户', shape: feed('rss'), ...utf8, ...media, everySeconds: 15 },
  { id: 'wenti', name: '文娱与体育', shape: feed('rss'), ...gb, ...media, everySeconds: 15 },
  { id: 'rebang', name: '热榜', shape: feed('json'), ...utf8, ...media, everySeconds: 10 },
  { id: 'shuma', name: '数码与游戏', shape: feed('atom'), ...utf8, ...media, everySeconds: 20 },
  { id: 'hushang', name: '沪上闲情', shape: feed('rdf'), ...gb, ...media, everySeconds: 20 },
];

const byId = new Map(sites.map((site) => [site.id, site]));

export function siteById(id: string): Site | undefined {
  return byId.get(id);
}

/** Where a source that watches this site points, on the county's server. */
export function pathOf(site: Site): string {
  if (site.fate?.kind === 'disallowed') return '/neibu/';
  if ('list' in site.shape) return `/${site.id}/`;
  return `/${site.id}/feed.${site.shape.feed === 'json' ? 'json' : 'xml'}`;
}
