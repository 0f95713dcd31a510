import { z } from 'zod';
import type { SourceKind } from './define.ts';

/** One option of a kind as a form asks for it; the address has a place of its own. */
export interface OptionField {
  name: string;
  title: string;
  /** Never shown again once it is stored, never exported. */
  secret: boolean;
  type: 'text' | 'number' | 'choice';
  choices: string[];
  /** What it is when it is left empty. */
  default: string | null;
  min: number | null;
  max: number | null;
}

export interface KindForm {
  kind: string;
  title: string;
  /** What its address is called. */
  urlTitle: string;
  options: OptionField[];
}

interface Property {
  title?: string;
  secret?: boolean;
  type?: string;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

/** The form of a kind, drawn from its own schema. */
export function formOf({ kind, title, options }: SourceKind): KindForm {
  const input = propertiesOf(options, 'input');
  // What a number may be given as is anything; what it becomes is a number.
  const output = propertiesOf(options, 'output');
  const names = Object.keys(output).filter((name) => name !== 'url');
  return {
    ...{ kind, title, urlTitle: output.url?.title ?? '网址' },
    options: names.map((name) => fieldOf(name, { ...input[name], ...output[name] })),
  };
}

function propertiesOf(schema: z.ZodObject, io: 'input' | 'output'): Record<string, Property | undefined> {
  return (z.toJSONSchema(schema, { io, unrepresentable: 'any' }).properties ?? {}) as Record<string, Property | undefined>;
}

function fieldOf(name: string, property: Property): OptionField {
  const choices = (property.enum ?? []).map(String);
  const number = property.type === 'integer' || property.type === 'number';
  return {
    ...{ name, title: property.title ?? name, secret: property.secret === true, choices },
    type: choices.length > 0 ? 'choice' : number ? 'number' : 'text',
    default: property.default === undefined ? null : String(property.default),
    min: number ? (property.minimum ?? null) : null,
    max: number ? (property.maximum ?? null) : null,
  };
}
