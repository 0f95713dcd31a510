import { isUtf8 } from 'node:buffer';
import { GuanlanError } from '@guanlan/domain';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';

/** Bytes that are decoded at most; more is an error, not a cut, because half a document is another document. */
export const decodeLimit = 32 * 1024 * 1024;

export interface Decoded {
  text: string;
  /** Name of the encoding that was used, lower case, by the WHATWG Encoding Standard (`utf-8`, `gb18030`, `big5`, …). */
  charset: string;
}

export interface DecodeOptions {
  /** Value of the Content-Type header, when there was one. */
  contentType?: string | undefined;
  /** An encoding a person has set; it goes before everything but a byte order mark. */
  charset?: string | undefined;
}

/**
 * Bytes of a feed, page or JSON document → text.
 *
 * Order: byte order mark; a set charset; what the bytes prove (UTF-16 and UTF-32 by their zero bytes, UTF-8 by its form,
 * a few bad bytes allowed: such text is hardly ever anything else, and a wrong declaration over UTF-8 is the commonest
 * fault); the declarations (HTTP, XML, `<meta>`) as far as the bytes agree with them; detection.
 *
 * @throws GuanlanError `body-too-large`
 */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): Decoded {
  if (bytes.length > decodeLimit) {
    throw new GuanlanError('body-too-large', `内容有 ${bytes.length} 字节，超过 ${decodeLimit} 字节的上限，未解码。`);
  }
  const marked = byteOrderMark(bytes);
  if (marked !== null) return decodeAs(bytes, marked) ?? decodeUtf8(bytes);
  const set = options.charset === undefined ? null : decodeAs(bytes, options.charset);
  if (set !== null) return set;
  const wide = wideForm(bytes);
  if (wide !== null) return decodeAs(bytes, wide) ?? decodeUtf8(bytes);

  const utf8 = isUtf8(bytes) ? decodeUtf8(bytes) : null;
  // Chinese, Japanese and Korean take three bytes in UTF-8; two-byte forms alone are more likely GBK pairs.
  if (utf8 !== null && /[\u0800-\uffff]/u.test(utf8.text)) return utf8;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString('latin1');
  const labels = declared(options.contentType, head);
  if (utf8 !== null) return byWideDeclaration(bytes, labels) ?? utf8;
  if (mostlyUtf8(bytes)) return decodeUtf8(bytes);
  return byDeclaration(bytes, labels) ?? detect(bytes);
}

/** What HTTP, the XML declaration and `<meta>` say, in the order in which they are to be believed. */
function declared(contentType: string | undefined, head: string): string[] {
  const found = [
    /charset\s*=\s*["']?([\w:.-]+)/iu.exec(contentType ?? '')?.[1],
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)["']/iu.exec(head)?.[1],
    ...metaCharsets(head),
  ].filter((label) => label !== undefined);
  // A server's blanket default (Latin-1) says nothing about the page: what the page says of itself goes first.
  return found.sort((a, b) => Number(isSingleByte(a)) - Number(isSingleByte(b)));
}

function metaCharsets(head: string): string[] {
  const found: string[] = [];
  for (const [tag] of head.matchAll(/<meta\s[^>]{0,300}>/giu)) {
    const label = /charset\s*=\s*["']?\s*([\w:.-]+)/iu.exec(tag)?.[1];
    if (label !== undefined) found.push(label);
  }
  return found;
}

/** Plain ASCII, and the few short GBK words that happen to be valid UTF-8 (联通), follow a declaration of many-byte characters. */
function byWideDeclaration(bytes: Uint8Array, labels: readonly string[]): Decoded | null {
  for (const label of labels) {
    const encoding = encodingOf(label);
    if (encoding === null || isSingleByte(encoding) || encoding.startsWith('utf-')) continue;
    return decodeAs(bytes, encoding);
  }
  return null;
}

function byDeclaration(bytes: Uint8Array, labels: readonly string[]): Decoded | null {
  for (const label of labels) {
    const encoding = encodingOf(label);
    if (encoding === null || encoding.startsWith('utf-')) continue;
    const result = decodeAs(bytes, encoding);
    if (result === null) continue;
    if (isSingleByte(encoding)) {
      // Every byte string is valid in a single-byte encoding, so only here must the bytes be looked at again.
      const found = detect(bytes);
      return isSingleByte(found.charset) ? result : found;
    }
    if (badShare(result.text) < 0.02) return result;
  }
  return null;
}

function detect(bytes: Uint8Array): Decoded {
  const sample = bytes.length > sampleBytes ? bytes.subarray(0, sampleBytes) : bytes;
  let best: Decoded | null = null;
  let bestScore = -1;
  const tried = new Set<string>();
  for (const label of [
    ...east,
    ...analyse(sample)
      .slice(0, 3)
      .map((match) => match.name),
  ]) {
    const encoding = encodingOf(label);
    if (encoding === null || encoding.startsWith('utf-') || tried.has(encoding)) continue;
    tried.add(encoding);
    const text = decodeAs(sample, encoding)?.text;
    if (text === undefined) continue;
    const score = isSingleByte(encoding) ? 0.15 : familiarity(text) - 10 * badShare(text);
    if (score > bestScore) {
      bestScore = score;
      best = { text, charset: encoding };
    }
  }
  if (best === null) return decodeUtf8(bytes);
  return sample === bytes ? best : (decodeAs(bytes, best.charset) ?? best);
}

/**
 * Share of the non-ASCII characters that a reader of Chinese, Japanese or Korean meets all the time. In the wrong
 * encoding the same bytes give rare characters, so the right one stands out even in a headline.
 */
function familiarity(text: string): number {
  let known = 0;
  let all = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x80) continue;
    all += 1;
    if (commonCharacters.has(character) || (code >= 0x3041 && code <= 0x30fa)) known += 1;
    else if ((code >= 0x3000 && code <= 0x3011) || (code >= 0xff01 && code <= 0xff5e)) known += 0.5;
    // Half-width katakana and private characters are what two wrong bytes look like.
    else if ((code >= 0xff61 && code <= 0xff9f) || (code >= 0xe000 && code <= 0xf8ff)) known -= 1;
  }
  return all === 0 ? 0 : known / all;
}

/** Common characters of written Chinese, simplified and traditional, of Japanese newspapers, and common Korean syllables. */
const commonCharacters = new Set(
  '的一是不了在人有我他这这為为之大来來以個个中上们們到说說国國和地也子时時道出而要于於就下得可你年生自会會那后後能对對着著事其里裡所去行过過家十用发發天如然作方成者多日都三小军軍二无無同么麼经經法当當起与與好看学學进進种種将將还還分此心前面又定见見只主没沒公从從知使理向问問长長新开開本高市部工动動力全区區机機体體最水平重位政文内內外月第民电電名记記报報道网網信息安全府关關社事故消通实實现現加量两兩业業物正应應点點表明百手化意情气氣些儿兒东東西南北女想老美间間数數活门門真回特别別教育路食品医醫院但已被由它什很更把几幾再又或次入因无各让讓给給今比目性期等度者才直接建立设設提管基本员員合治产產系统統命问解题題受金战戰告应改领領导導指第组組织織近更运運必论論计計类類资資反交任何件强強革设转轉列广廣场場联聯华華万萬亿億元价價格市场省县縣乡鄉镇鎮村街办辦局委会议議书書记習习京海江河山城港台湾灣香广州深圳世界球队隊赛賽冠军手机科技术術股票投资车車房价创創业互游戏戲影视視频頻音乐樂明星图圖片集客户戶服务務平台公司总總经营營销銷售商店品牌求买買卖賣周年春节節夏秋冬日晚早上午下今昨前天气温雨雪风風火灾災警察案犯罪判法院检檢查处處罚罰违違规規标標准準原因结結果影响響发布消息称稱表示认認为据據了解介绍紹记者采访訪目前正在进行调調查持续續推动建设保障工作群众眾生活活动举舉行召开会议精神落实实加强提高促进发展改革创新文化旅游遊农農业村民企业经济濟增长长亩产收入贫貧困低保险險养養老幼儿园園小中大学校师師生考试試录錄取专專业就职職公务员历歷史思想爱愛情婚姻男友孩子父母亲親妈媽爸哥姐弟妹吃喝玩乐饭飯菜肉鱼魚鸡雞蛋奶茶酒花草树樹木林土石金银銀铜铁鐵钱錢红紅黄黃蓝藍绿綠白黑色光线線空间飞飛机场站号號码碼首页頁版权權所有联系我们留言论坛壇博客' +
    '県円込際総対図売氏沢辺駅価読気変実発経済権' +
    '이다는의에을를가은고하지사한도로기인자나시대어라서정아리스부그과해수일전원들보주있것으니만었게장상제구여연조성공동오국경우소비방중면발선신위세안차진',
);

const east = ['gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr'];
const headBytes = 8 * 1024;
const sampleBytes = 256 * 1024;

function byteOrderMark(b: Uint8Array): string | null {
  if (b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf) return 'utf-8';
  if (b[0] === 0xff && b[1] === 0xfe) return b[2] === 0 && b[3] === 0 && b.length >= 4 ? 'utf-32le' : 'utf-16le';
  if (b[0] === 0xfe && b[1] === 0xff) return 'utf-16be';
  return b[0] === 0 && b[1] === 0 && b[2] === 0xfe && b[3] === 0xff ? 'utf-32be' : null;
}

/** UTF-16 and UTF-32 without a mark: markup and JSON begin with ASCII characters, whose other bytes are zero (RFC 4627 §3). */
function wideForm(b: Uint8Array): string | null {
  if (b.length < 4) return null;
  const zero = (i: number) => b[i] === 0;
  if (zero(0) && zero(1) && zero(2) && !zero(3)) return 'utf-32be';
  if (!zero(0) && zero(1) && zero(2) && zero(3)) return 'utf-32le';
  if (zero(0) && !zero(1) && zero(2) && !zero(3)) return 'utf-16be';
  if (!zero(0) && zero(1) && !zero(2) && zero(3)) return 'utf-16le';
  return null;
}

/** UTF-8 with damage: whole three-byte forms outnumber the bad bytes by far. GBK and Big5 text hardly ever has such forms. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  let whole = 0;
  let bad = 0;
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0;
    const size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    let length = 1;
    while (length < size && ((bytes[i + length] ?? 0) & 0xc0) === 0x80) length += 1;
    if (size > 1 && length === size) whole += 1;
    else if (size !== 1 && i + size <= bytes.length) {
      bad += 1;
      // However good the rest is: another encoding is known by its first part.
      if (bad > (whole + (bytes.length - i) / 2) * 0.05 + 1) return false;
    }
    i += size === 0 || length < size ? 1 : size;
  }
  return whole > 0 && bad <= Math.max(whole * 0.05, whole >= 4 ? 1 : 0);
}

function badShare(text: string): number {
  let bad = 0;
  let all = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    all += 1;
    if (code === 0xfffd) bad += 1;
  }
  return all === 0 ? 0 : bad / all;
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  return { text: utf8Decoder.decode(bytes), charset: 'utf-8' };
}

const utf8Decoder = new TextDecoder('utf-8');

function decodeAs(bytes: Uint8Array, label: string): Decoded | null {
  const encoding = encodingOf(label);
  if (encoding === null) return null;
  if (encoding.startsWith('utf-32')) return { text: iconv.decode(Buffer.from(bytes), encoding), charset: encoding };
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding);
    decoders.set(encoding, decoder);
  }
  return { text: decoder.decode(bytes), charset: encoding };
}

/** One for each encoding there is: making one costs more than decoding a small document. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function isSingleByte(label: string): boolean {
  const encoding = encodingOf(label);
  return encoding !== null && /^(?:windows-|iso-8859-|koi8|macintosh|ibm866|x-mac|x-user)/u.test(encoding);
}

const encodings = new Map<string, string | null>();

/** Canonical name of an encoding by any of its labels, null when nobody knows it. GB2312 and GBK are read as their superset. */
function encodingOf(label: string): string | null {
  const key = label.trim().toLowerCase();
  let name = encodings.get(key);
  if (name === undefined) {
    name = resolve(key);
    if (encodings.size < 1_000) encodings.set(key, name);
  }
  return name;
}

function resolve(key: string): string | null {
  if (/^(?:utf|ucs)[-_]?(?:32|4)(?:[-_]?le)?$/u.test(key)) return 'utf-32le';
  if (/^(?:utf|ucs)[-_]?(?:32|4)[-_]?be$/u.test(key)) return 'utf-32be';
  try {
    const name = new TextDecoder(key).encoding.toLowerCase();
    return /^(?:gbk|gb2312|gb18030)$/u.test(name) ? 'gb18030' : name;
  } catch {
    return /^(?:gb|cp936|ms936|euc-cn|hz)/u.test(key) ? 'gb18030' : /^(?:cp950|big5)/u.test(key) ? 'big5' : null;
  }
}
