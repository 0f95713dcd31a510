import { type Redacted, redactionMarks } from './redact-mark.ts';
import { plateProvinces, suspect } from './redact-suspect.ts';

/** Masks e-mail addresses, number plates and door numbers, as far as `found` (bits of `suspect`) says they may be there. */
export function maskAddresses(masked: Redacted, found: number): void {
  for (const [pattern, needed] of emails) if (found & needed) replace(masked, pattern, redactionMarks.email);
  if (found & suspect.plate) replace(masked, plate, redactionMarks.plate);
  if (found & suspect.door) {
    for (const pattern of doors) replace(masked, pattern, redactionMarks.door);
  }
}

function replace(masked: Redacted, pattern: RegExp, mark: string): void {
  masked.text = masked.text.replace(pattern, () => {
    masked.count += 1;
    return mark;
  });
}

/** Every quantifier is bounded, so each pattern is linear in the text. */
const full = 'Ａ-Ｚａ-ｚ０-９';
const mailbox = `[A-Za-z0-9._%+\\-${full}＿．－]{1,64}`;
const dot = '(?:[.．。]|\\s?(?:[(（[【]\\s?(?:dot|点)\\s?[)）\\]】]|点)\\s?)';
/** Each with what must have been seen for it. */
const emails: readonly (readonly [pattern: RegExp, needed: number])[] = [
  [new RegExp(`${mailbox}\\s?[@＠]\\s?(?:[A-Za-z0-9\\-${full}－]{1,63}[.．。]){1,5}[A-Za-zＡ-Ｚａ-ｚ]{2,24}`, 'gu'), suspect.email],
  // As people write them so that no program finds them: name(at)qq.com, name【at】163点com, name#qq.com.
  [new RegExp(`${mailbox}\\s?[(（[【]\\s?at\\s?[)）\\]】]\\s?(?:[A-Za-z0-9\\-]{1,63}${dot}){1,5}[A-Za-z]{2,24}`, 'giu'), suspect.bracketed],
  [
    new RegExp(
      `${mailbox}\\s?(?:[@＠#＃])\\s?(?:qq|foxmail|163|126|yeah|139|189|sina|sohu|gmail|hotmail|outlook|aliyun)${dot}(?:com|cn|net)`,
      'giu',
    ),
    suspect.email | suspect.hash,
  ],
];

/**
 * GA 36: province, office letter, five characters, at least two of them digits; six for new energy (a type letter first or
 * last); four and a word for trailers, driving schools, police, Hong Kong and Macao. No I and no O.
 */
const plateLetter = 'A-HJ-NP-Za-hj-np-zＡ-ＨＪ-ＮＰ-Ｚａ-ｈｊ-ｎｐ-ｚ';
const plateChar = `[${plateLetter}0-9０-９]`;
const plateDigit = '[0-9０-９]';
const energy = '[A-HJKa-hjkＡ-ＨＪＫａ-ｈｊｋ]';
const alnum = `[A-Za-z0-9${full}]`;
const plate = new RegExp(
  `[${plateProvinces}][${plateLetter}][\\s·•.．\\-－—]{0,2}(?:(?:(?=${plateChar}{0,3}${plateDigit}${plateChar}{0,3}${plateDigit})${plateChar}{5}|${energy}${plateChar}${plateDigit}{4}|${plateDigit}{5}${energy})(?!${alnum})|${plateChar}{4}[挂学警港澳领试超](?!生))`,
  'gu',
);

const n = '[0-9０-９]{1,4}';
const cn = '[〇零一二三四五六七八九十百]{1,4}';
const number = `(?:[A-Za-zＡ-Ｚａ-ｚ]?${n}[A-Za-zＡ-Ｚａ-ｚ]?|${cn}|[A-Za-zＡ-Ｚａ-ｚ甲乙丙丁东西南北])`;
const gap = '[\\s,，、\\-－—]{0,2}';
const building = `(?:${number}(?:号?楼|号院|号|栋|幢|座|#楼?|弄)${gap})`;
/** One that may be followed by a house number; of two bare numbers (5号、6号) neither is a building unless they touch. */
const house = `(?:${number}(?:号?楼|号院|栋|幢|座|#楼?|弄)${gap}|${number}号)`;
const floor = `(?:${number}[层楼]${gap})`;
const unit = `(?:${number}单元${gap})`;
const roomNumber = `(?:[A-Za-zＡ-Ｚａ-ｚ]?[0-9０-９]{1,5}|${cn})`;
const room = `(?:${roomNumber}(?:室|号?房(?![价产地屋租贷])|户(?![籍型口人])))`;
/** A room whose word is left out: three or four digits that count nothing. */
const bareRoom = '(?:[0-9０-９]{3,4}(?![0-9０-９年月日元万亿人米平个余多名位套层度吨千公斤克亩头只棵株辆%％.．:：/]))';

const doors = [
  // With a unit: 3号楼2单元501室, 2单元501, 三单元五零一, 12号3单元; a unit alone (英语第三单元) stays.
  new RegExp(`${building}{0,3}${unit}${floor}?(?:${room}|${bareRoom}|[〇零一二三四五六七八九]{3,4})`, 'gu'),
  new RegExp(`${building}{1,3}${unit}`, 'gu'),
  // A building and a room: 3号楼501室, 12号院5栋1203, A座1801, 12弄5号.
  new RegExp(`${building}{1,3}${floor}?${room}`, 'gu'),
  new RegExp(`${building}{0,2}${house}${floor}?${roomNumber}号(?=[^0-9０-９楼院线]|$)`, 'gu'),
  new RegExp(`${number}(?:号楼|栋|幢|座|#楼)${gap}${bareRoom}`, 'gu'),
  // 3-2-501室, 501室, 五零一室; 3室2厅 stays.
  /(?:[0-9０-９]{1,3}[-－—]){1,3}[0-9０-９]{1,4}室(?![0-9０-９一二三四五六]?厅)/gu,
  /[A-Za-zＡ-Ｚａ-ｚ]?[0-9０-９]{3,5}室|[〇零一二三四五六七八九]{3,4}室/gu,
  // 门牌号12号, 门牌：12-3.
  /门牌号?(?:码)?(?:是|为|[:：\s]){0,2}[0-9０-９]{1,5}(?:[-－—][0-9０-９]{1,4}){0,2}号?/gu,
];
