import type { AlertState } from './alert.ts';
import { dateOf } from './calendar.ts';

/** Who may report: an organisation, never a person. */
export const reportUnitKinds = {
  village: '村（社区）',
  township: '乡镇',
  department: '部门',
  school: '学校',
  enterprise: '企业',
  other: '其他',
} as const;
export type ReportUnitKind = keyof typeof reportUnitKinds;

/** What a reporter is told. Read off the alert of the report's event each time; never stored. */
export const reportStateTitles = { received: '已收到', handling: '正在处理', answered: '已答复' } as const;
export type ReportState = keyof typeof reportStateTitles;

/** The state that a report's reporter sees, from its event's latest alert; null when there is no alert. */
export function reportStateOf(alert: AlertState | null): ReportState {
  if (alert === null || alert === 'firing') return 'received';
  return alert === 'answered' || alert === 'closed' ? 'answered' : 'handling';
}

/** Bounds of a report; lengths in UTF-16 units, sizes in bytes. */
export const reportLimits = {
  what: 5_000,
  detail: 200,
  done: 2_000,
  people: 100_000,
  attachments: 6,
  attachmentBytes: 10 * 2 ** 20,
  name: 120,
};

export const attachmentTypes = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'video/mp4': 'mp4',
} as const;
export type AttachmentType = keyof typeof attachmentTypes;

/**
 * The receipt of the `turn`-th report of a day in Shanghai: `ZB20261123-0001-7`. The last digit is a check (Damm, 2004): it finds
 * every single wrong digit and every two neighbours that changed places.
 */
export function receiptOf(day: Date, turn: number): string {
  const date = dateOf(day).replaceAll('-', '');
  const number = String(turn).padStart(4, '0');
  return `ZB${date}-${number}-${damm(date + number)}`;
}

/** A receipt as a person typed it (any case, spaces, full-width, hyphens left out) in its one form; null when it is none or mistyped. */
export function readReceipt(typed: string): string | null {
  const digits = /^ZB(\d{8})(\d{4,7})(\d)$/u.exec(
    typed
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[\s\-‐–—－]/gu, ''),
  );
  if (digits === null) return null;
  const [, date = '', turn = '', check] = digits;
  return String(damm(date + turn)) === check ? `ZB${date}-${turn}-${check}` : null;
}

/** The quasigroup of order 10 from Damm's thesis, row by row. */
const quasigroup = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

function damm(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = Number(quasigroup[interim]?.[Number(digit)]);
  return interim;
}
