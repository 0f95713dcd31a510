import { GuanlanError } from '@guanlan/domain';

/** Where a value goes decides how it is written. */
export type Writing = 'url' | 'json' | 'form' | 'plain';

const writings: Record<Writing, (value: string) => string> = {
  url: encodeURIComponent,
  // Within the quotes that the template itself has.
  json: (value) => JSON.stringify(value).slice(1, -1),
  form: (value) => encodeURIComponent(value).replaceAll('%20', '+'),
  plain: (value) => value,
};

const placeholder = /\{([a-z]+)\}/gu;

/** Puts the values into a template's `{name}` places. Braces around anything but a known name stay as they are. */
export function filled(template: string, values: Readonly<Record<string, string>>, writing: Writing): string {
  return template.replace(placeholder, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : writings[writing](value);
  });
}

/** Names in `{…}` that a template uses and nobody fills. */
export function unknownPlaces(template: string, known: readonly string[]): string[] {
  return [...template.matchAll(placeholder)].map((match) => match[1] ?? '').filter((name) => !known.includes(name));
}

/** `Name: value` lines as headers. Throws `bad-input` on a line that is none. */
export function headersOf(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\x20-\x7e]*)$/u.exec(line);
        if (!match) throw new GuanlanError('bad-input', '请求头每行一个，形如 Authorization: Bearer {secret}，只含英文字符');
        return [match[1] ?? '', match[2] ?? ''];
      }),
  );
}
