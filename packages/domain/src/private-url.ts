import { redact, redactionMarks } from './redact.ts';

/** What a parameter or a part of a path is called when it holds somebody's number or address. */
const personal =
  /(?:tel|phone|mobile|mob|cell|shouji|sjhm?|lxdh|dianhua|haoma|contact|e-?mail|mail|id-?card|sfzh?|bank-?card|chepai|cph)(?:_?no|_?num|_?number)?$/iu;
/** Part of a path after which somebody's page stands. */
const somebody = /^(?:u|user|users|member|space|profile)$/iu;
/** What names a thing: its digits are no telephone, whatever they look like. */
const names = /(?:id|no|sn|num|code|time|stamp|date|page|ver|^[_inprtv])$/iu;
const mobile = /^(?:\+?86[- ]?)?1[3-9]\d{9}$/u;

/** Whether a query parameter (`name=value`, as it stands in the address) holds what points at a person. */
export function isPrivateParameter(part: string): boolean {
  const equals = part.indexOf('=');
  if (equals < 0 || !/\d{5}|@|%/u.test(part)) return false;
  const name = decoded(part.slice(0, equals));
  const value = decoded(part.slice(equals + 1).replaceAll('+', ' '));
  if (personal.test(name)) return /(?:\d[- ]?){5}|@/u.test(value);
  if (/^\d+$/u.test(value) && names.test(name)) return false;
  return pointsAtPerson(value);
}

/** A path without what points at a person: such a part becomes `-`. */
export function withoutPrivateParts(path: string): string {
  const parts = path.split('/');
  return parts
    .map((part, i) => {
      if (!/\d{11}|@|%40/iu.test(part)) return part;
      const value = decoded(part);
      const before = decoded(parts[i - 1] ?? '');
      const number = mobile.test(value) && (personal.test(before) || somebody.test(before));
      return number || redact(value).text.includes(redactionMarks.email) ? '-' : part;
    })
    .join('/');
}

/** Bank cards are left: one in ten of the long numbers by which pages are known would pass for one. */
function pointsAtPerson(value: string): boolean {
  const { text, count } = redact(value);
  return count > 0 && [redactionMarks.mobile, redactionMarks.identity, redactionMarks.email].some((mark) => text.includes(mark));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
