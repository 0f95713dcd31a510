/** What a route of RSSHub asks of its instance. */
export interface RsshubRoute {
  /** A path whose parts that begin with `:` stand for anything; the rest of a longer path is free. */
  path: string;
  title: string;
  /** Settings of the instance (environment variables) without which the route gives nothing, or little. */
  needs: readonly string[];
  /** Needs a browser on the instance (PUPPETEER_WS_ENDPOINT or the image with Chromium). */
  browser?: boolean;
  note?: string;
}

/**
 * Routes that a county office may want, with what RSSHub's documentation says that they need. An instance's own page says what holds for its
 * version. Accounts are those of media and
 * agencies: no route is here to follow a private person.
 */
export const rsshubRoutes: readonly RsshubRoute[] = [
  { path: '/weibo/keyword/:keyword', title: '微博关键词', needs: ['WEIBO_COOKIES'], note: '写县名、乡镇名、单位名' },
  { path: '/weibo/search/hot', title: '微博热搜榜', needs: [], note: '部分实例需要 WEIBO_COOKIES' },
  { path: '/weibo/user/:uid', title: '微博（机构账号）', needs: ['WEIBO_COOKIES'], note: '只用于媒体和机构的公开账号' },
  { path: '/douyin/user/:uid', title: '抖音（机构账号）', needs: [], browser: true, note: '只用于媒体和机构的公开账号' },
  { path: '/douyin/hashtag/:cid', title: '抖音话题', needs: [], browser: true },
  { path: '/kuaishou/user/:id', title: '快手（机构账号）', needs: [], browser: true },
  { path: '/bilibili/hot-search', title: 'B 站热搜', needs: [] },
  { path: '/bilibili/vsearch/:kw', title: 'B 站视频搜索', needs: ['BILIBILI_COOKIE_*'] },
  { path: '/zhihu/hot', title: '知乎热榜', needs: ['ZHIHU_COOKIES'] },
  { path: '/zhihu/topic/:topicId', title: '知乎话题', needs: ['ZHIHU_COOKIES'] },
  { path: '/xiaohongshu/user/:user_id/:category', title: '小红书（机构账号）', needs: ['XIAOHONGSHU_COOKIE'], browser: true },
  { path: '/tieba/forum/:kw', title: '百度贴吧', needs: [], note: '写吧名，如 巨鹿；部分实例已改为 /baidu/tieba/forum/:kw' },
  { path: '/baidu/tieba/forum/:kw', title: '百度贴吧', needs: [], note: '写吧名' },
  { path: '/baidu/top', title: '百度热搜', needs: [] },
  { path: '/toutiao/user/token/:token', title: '今日头条（头条号）', needs: [], browser: true },
  { path: '/thepaper/featured', title: '澎湃新闻', needs: [] },
  { path: '/people/:site', title: '人民网', needs: [] },
  { path: '/cctv/:category', title: '央视新闻', needs: [] },
  { path: '/gov/zhengce/:caty', title: '中国政府网政策', needs: [] },
];

/** The known route that a path is of: the one that says most of it literally. Null for any other. */
export function routeOf(path: string): RsshubRoute | null {
  const parts = path.split('?')[0]?.split('/').filter(Boolean) ?? [];
  const fits = rsshubRoutes.filter((route) => {
    const wanted = route.path.split('/').filter(Boolean);
    return wanted.length <= parts.length && wanted.every((part, i) => part.startsWith(':') || part === parts[i]);
  });
  const literal = (route: RsshubRoute) => route.path.split('/').filter((part) => part !== '' && !part.startsWith(':')).length;
  return fits.sort((a, b) => literal(b) - literal(a))[0] ?? null;
}

/** What a route asks of the instance, in words; empty for nothing known. */
export function needsOf(route: RsshubRoute | null): string {
  if (route === null) return '';
  const settings = route.needs.length === 0 ? [] : [`在实例上设置 ${route.needs.join('、')}`];
  const all = route.browser === true ? [...settings, '实例带有浏览器（PUPPETEER_WS_ENDPOINT 或 chromium 镜像）'] : settings;
  return all.join('，并');
}
