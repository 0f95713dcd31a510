import { isPrivateParameter, withoutPrivateParts } from './private-url.ts';

/**
 * One spelling per web address, so that the same article met twice is one item.
 *
 * Removed: user name and password, a default port, `;jsessionid=…`, the fragment (but not `#!…` and `#/…`, which name the
 * page on sites built as one script), query parameters that only say how a reader came ({@link tracking}), and what points at a
 * person: an address is stored like any text, and `?tel=138…` is a telephone number. Kept: everything that may name another page, that is path, trailing slash, scheme, `www.`, and the other parameters in
 * their order and spelling.
 *
 * @returns null for what is not an http or https address.
 */
export function canonicalUrl(url: string): string | null {
  if (isPlainUrl(url)) return url;
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return null;
  if (parsed.username !== '' || parsed.password !== '') {
    parsed.username = '';
    parsed.password = '';
  }
  if (parsed.hash !== '' && !/^#[!/]./u.test(parsed.hash)) parsed.hash = '';
  // An empty fragment or query leaves its sign behind.
  const { origin, hash } = parsed;
  // Assigned, not spliced: what is left may be a dot segment, which parsing takes away.
  if (parsed.pathname.includes(';')) parsed.pathname = parsed.pathname.replace(/;jsessionid=[^/;]*/giu, '');
  parsed.pathname = withoutPrivateParts(parsed.pathname);
  return `${origin}${parsed.pathname}${query(parsed)}${fragment(hash)}`;
}

/**
 * Whether an address is valid and canonical by its looks, as most are: two linear patterns are a fraction of parsing it. False
 * says nothing.
 */
export function isPlainUrl(url: string): boolean {
  return plain.test(url) && !unplain.test(url);
}

/** Lower-case host with a letter-only last label, a path of unreserved characters, nothing else. */
const plain = /^https?:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,24}\/[A-Za-z0-9/_.~-]*$/u;
/** What may still change when parsed: dot segments, Punycode, empty labels; or hold a telephone number. */
const unplain = /\/\.|xn--|^[a-z]+:\/\/[^/]*\.\.|\/1[3-9]\d{9}(?!\d)/u;

/**
 * Parameters that say how a reader came, not what is read: campaign tags (utm, Baidu hm*, Google, Meta, Microsoft),
 * Alibaba spm/scm, and what WeChat, Weibo and Bilibili add when a link is shared.
 */
const tracking = new Set([
  'spm',
  'scm',
  'gclid',
  'gclsrc',
  'dclid',
  'gbraid',
  'wbraid',
  'fbclid',
  'msclkid',
  'yclid',
  'igshid',
  'mc_cid',
  'mc_eid',
  'bd_vid',
  'hmsr',
  'hmpl',
  'hmcu',
  'hmkw',
  'hmci',
  'wfr',
  'nsukey',
  'isappinstalled',
  'clicktime',
  'enterid',
  'vd_source',
  'weibo_id',
  'sharer_shareinfo',
  'sharer_shareinfo_first',
  '_t',
  '_openstat',
]);
const trackingPrefixes = ['utm_', 'share_', '_share', 'shareto'];
/** `from` names a page on some sites; only what the sharing buttons of WeChat and Weibo write is noise. */
const sharedFrom = new Set(['timeline', 'singlemessage', 'groupmessage', 'weibo', 'message', 'qq', 'qzone']);
/** These four name a WeChat article; everything beside them changes with every reader. */
const wechatArticle = new Set(['__biz', 'mid', 'idx', 'sn']);

function query(url: URL): string {
  const { search } = url;
  if (search === '') return '';
  const parts = search.slice(1).split('&');
  const wechat = url.hostname === 'mp.weixin.qq.com' && search.includes('__biz=') && search.includes('mid=');
  const kept = parts.filter(
    (part) => part !== '' && (wechat ? wechatArticle.has(nameOf(part)) : !isTracking(part) && !isPrivateParameter(part)),
  );
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** Of a page built as one script: its own path, with parameters of its own. */
function fragment(hash: string): string {
  const at = hash.indexOf('?');
  if (at < 0) return hash;
  const kept = hash
    .slice(at + 1)
    .split('&')
    .filter((part) => !isPrivateParameter(part));
  return kept.length === 0 ? hash.slice(0, at) : `${hash.slice(0, at)}?${kept.join('&')}`;
}

function isTracking(part: string): boolean {
  const name = nameOf(part).toLowerCase();
  if (name === 'from') return sharedFrom.has(part.slice(5).toLowerCase());
  return tracking.has(name) || trackingPrefixes.some((prefix) => name.startsWith(prefix));
}

function nameOf(part: string): string {
  const equals = part.indexOf('=');
  return equals < 0 ? part : part.slice(0, equals);
}
