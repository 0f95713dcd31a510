import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';

/** One option of a kind, as a form or a command line asks for it. */
export interface ChannelField {
  name: string;
  title: string;
  /** A line of help; null when the title says it all. */
  description: string | null;
  /** `lines` is a text of several lines; `choice` one of {@link choices}. */
  type: 'text' | 'lines' | 'number' | 'boolean' | 'choice';
  /** Empty unless `type` is `choice`. */
  choices: string[];
  required: boolean;
  /** Never shown once it is stored. */
  secret: boolean;
  /** What holds when nothing is given; null when nothing does. */
  default: string | number | boolean | null;
}

/** The options of a kind in the order of its schema. */
export function fieldsOf({ options }: { options: z.ZodObject }): ChannelField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const { title, description, enum: choices, type, default: fallback, secret, lines } = property as Record<string, unknown>;
    return {
      name,
      title: typeof title === 'string' ? title : name,
      description: typeof description === 'string' ? description : null,
      type: Array.isArray(choices)
        ? 'choice'
        : type === 'integer' || type === 'number'
          ? 'number'
          : type === 'boolean'
            ? 'boolean'
            : lines
              ? 'lines'
              : 'text',
      choices: Array.isArray(choices) ? choices.map(String) : [],
      required: required.includes(name),
      secret: secret === true,
      default: typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean' ? fallback : null,
    };
  });
}

/**
 * Options that were typed as text (`name=value`), each as its field's type: `phones=138…` stays text, `port=465` becomes a number.
 * Throws `bad-input` on a name that the kind does not have; what the values are worth is for the schema to say.
 */
export function optionsFromText(
  channel: { title: string; options: z.ZodObject },
  text: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const fields = new Map(fieldsOf(channel).map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(text).map(([name, value]) => {
      const field = fields.get(name);
      if (!field)
        throw new GuanlanError(
          'bad-input',
          `${channel.title}渠道没有名为“${name}”的选项，可用：${[...fields.keys()].join('、') || '（没有选项）'}。`,
        );
      return [name, typed(field.type, value)];
    }),
  );
}

function typed(type: ChannelField['type'], value: string): unknown {
  if (type === 'number') return value.trim() === '' ? Number.NaN : Number(value);
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}
