import type { JsonMapping } from './read.ts';

export interface JsonPreset {
  /** What the form shows. */
  label: string;
  /** Whose answers have this form. */
  of: string;
  mapping: JsonMapping;
}

/**
 * Mappings for hot lists, whose form is known. They name no address: which instance or interface is asked is the operator's to say, within its
 * terms. The public interfaces may change without notice; `source test` shows what a mapping finds.
 */
export const jsonPresets = {
  newsnow: {
    label: 'NewsNow 热榜',
    of: '自建 NewsNow 实例的 /api/s?id=weibo（weibo、zhihu、baidu、douyin、toutiao、bilibili-hot-search、tieba 等）',
    mapping: {
      items: '$.items[*]',
      title: '$.title',
      link: '$.url',
      text: '$.extra.hover',
      date: '$.pubDate',
      id: '$.id',
    },
  },
  dailyhot: {
    label: 'DailyHot 热榜',
    of: '自建 DailyHotApi 实例的 /weibo、/zhihu、/baidu、/douyin、/toutiao 等',
    mapping: {
      items: '$.data[*]',
      title: '$.title',
      link: '$.url',
      text: '$.desc',
      date: '$.timestamp',
      id: '$.id',
    },
  },
  weibo: {
    label: '微博热搜',
    of: 'https://weibo.com/ajax/side/hotSearch',
    mapping: {
      items: '$.data.realtime[?!@.is_ad]',
      title: '$.word',
      link: 'https://s.weibo.com/weibo?q={$.word_scheme}',
      text: '$.note',
      date: '$.onboard_time',
      id: '$.word',
    },
  },
  toutiao: {
    label: '今日头条热榜',
    of: 'https://www.toutiao.com/hot-event/hot-board/?origin=toutiao_pc',
    mapping: {
      items: '$.data[*]',
      title: '$.Title',
      link: 'https://www.toutiao.com/trending/{$.ClusterIdStr}/',
      id: '$.ClusterIdStr',
    },
  },
  baidu: {
    label: '百度热搜',
    of: 'https://top.baidu.com/api/board?platform=wise&tab=realtime',
    mapping: {
      items: '$.data.cards[*].content[*]',
      title: '$.word',
      link: '$.url',
      text: '$.desc',
      id: '$.word',
    },
  },
} as const satisfies Record<string, JsonPreset>;
