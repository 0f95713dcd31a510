import { type Redacted, redactionMarks } from './redact-mark.ts';
import { chineseDigits } from './redact-suspect.ts';

/** Masks mobile numbers of which at least one digit is written in Chinese: 一三八零零零零零零零零, 幺三八 0000 零零零零. */
export function maskNumerals(masked: Redacted): void {
  masked.text = masked.text.replace(mobile, (number) => {
    if (!chinese.test(number)) return number;
    masked.count += 1;
    return redactionMarks.mobile;
  });
}

const digit = `[0-9０-９${chineseDigits}]`;
const gap = '[ \\t\\u00a0\\u3000\\-－—.．·•]{0,2}';
/** Eleven digits that begin as a mobile number does, no more of them on either side, and no measure of a larger number after. */
const mobile = new RegExp(
  `(?<!${digit})[1１一幺壹]${gap}[3-9３-９三四五六七八九叁肆伍陆柒捌玖](?:${gap}${digit}){9}(?!${digit}|[十百千万亿年])`,
  'gu',
);
const chinese = new RegExp(`[${chineseDigits}]`, 'u');
