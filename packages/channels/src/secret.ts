import type { z } from 'zod';

const mask = '******';
/** Shorter than this a value is no key, and would be found in many a word; of a template, only longer parts are. */
const shortest = { value: 4, part: 8 };

/** The options as they may be shown: secrets as `******`. */
export function maskedOptions({ options: schema }: { options: z.ZodObject }, options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, isSecretField(schema, name) ? mask : value]));
}

export function isSecret({ options: schema }: { options: z.ZodObject }, option: string): boolean {
  return isSecretField(schema, option);
}

/**
 * A text from outside without what is secret in these options, should the receiver (or a message about its address) repeat it:
 * each secret as it is and as it stands in an address; of a secret address also its path and the values of its query.
 */
export function withoutSecrets(text: string, schema: z.ZodObject, options: Record<string, unknown>): string {
  const secrets = Object.entries(options).flatMap(([name, value]) => (isSecretField(schema, name) ? partsOf(String(value)) : []));
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret.length >= shortest.value)
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, mask), text);
}

function partsOf(secret: string): string[] {
  const url = /^https?:/iu.test(secret) ? URL.parse(secret) : null;
  if (url === null) {
    const parts = secret.split(/[\s"'{}=&:,]+/u).filter((part) => part.length >= shortest.part);
    return [secret, ...secret.split(/[\s,，;；]+/u), ...parts];
  }
  return [secret, url.href, ...url.pathname.split('/').filter((part) => part.length >= 16), ...url.searchParams.values()];
}

function isSecretField(schema: z.ZodObject, option: string): boolean {
  const field = schema.shape[option] as z.ZodType | undefined;
  return field !== undefined && noteOf(field).secret === true;
}

/** What `.meta()` says of a field, through `.optional()` and `.default()`. */
export function noteOf(field: z.ZodType): Record<string, unknown> {
  const inner = 'unwrap' in field && typeof field.unwrap === 'function' ? noteOf(field.unwrap() as z.ZodType) : {};
  return { ...inner, ...field.meta() };
}
