import { type CategoryId, categories, categoryInfo } from '@guanlan/domain';
import { parseCondition, parseTerms, type WordLists } from './condition.ts';
import { Faults } from './faults.ts';
import { emptyGazetteer, type Gazetteer, gazetteerKeywords, readGazetteerLine } from './gazetteer.ts';
import type { Adjustment, Position, Rule, Term, Where } from './lexicon.ts';
import { detailLines, isLevel, parseSources } from './rule-lines.ts';
import { type ListLine, resolveLists } from './word-lists.ts';

/** Bounds that keep a check fast and a mistake visible. */
export const lexiconLimits = { text: 4_000_000, line: 4_000, rules: 20_000, terms: 200_000, name: 40 };

export interface LexiconDocument {
  rules: Rule[];
  masks: Term[];
  adjustments: Adjustment[];
  gazetteer: Gazetteer;
}

/** Reads rule language version 1 (docs/lexicon.md) line by line. Throws `lexicon-invalid` with every fault found. */
export function parseLexicon(source: string): LexiconDocument {
  const faults = new Faults();
  const reader = new Reader(faults, source.length > lexiconLimits.text ? new Map() : resolveLists(listLines(source), faults));
  if (source.length > lexiconLimits.text) {
    faults.add({ file: '', line: 1, column: 1 }, `词库有 ${source.length} 字，最多 ${lexiconLimits.text} 字`, '请拆分或删减');
  } else {
    let file = '';
    let line = 0;
    for (const text of source.split('\n')) {
      line++;
      const marker = /^#!文件 (.*)$/u.exec(text);
      if (marker === null) {
        reader.line(text, { file, line, column: 1 });
        continue;
      }
      reader.endFile();
      file = (marker[1] ?? '').trim();
      line = 0;
    }
    reader.endFile();
    if (reader.document.rules.length === 0 && reader.document.gazetteer.places.length === 0)
      faults.add({ file, line: Math.max(line, 1), column: 1 }, '没有规则', '至少写一条：规则 名称 等级，下面写 条件');
  }
  faults.throwIfAny('词库');
  return reader.document;
}

/** The lines that begin with 词表, of all files. */
function listLines(source: string): ListLine[] {
  const found: ListLine[] = [];
  let file = '';
  let line = 0;
  for (const written of source.split('\n')) {
    line++;
    const marker = /^#!文件 (.*)$/u.exec(written);
    if (marker !== null) [file, line] = [(marker[1] ?? '').trim(), 0];
    if (!/^\s*词表/u.test(written) || written.length > lexiconLimits.line) continue;
    const [head, name, value] = /^\s*词表[\s:]+(\S+)\s+(\S.*)$/u.exec(tidy(written).trimEnd()) ?? [''];
    if (name === undefined || value === undefined) continue;
    found.push({ name, value, valueAt: { file, line, column: head.length - value.length + 1 } });
  }
  return found;
}

interface OpenRule {
  rule: Rule;
  /** A condition was written, sound or not. */
  tried: boolean;
}

interface OpenAdjustment {
  adjustment: Adjustment;
  position: Position;
}

const whereWords: Record<string, Where> = { 标题: 'title', 导语: 'lead', 全文: 'anywhere', 残损: 'damaged' };

class Reader {
  readonly document: LexiconDocument = { rules: [], masks: [], adjustments: [], gazetteer: emptyGazetteer() };
  readonly #faults: Faults;
  readonly #lists: WordLists;
  readonly #names = new Set<string>();
  #category: CategoryId | null = null;
  #open: OpenRule | OpenAdjustment | null = null;
  /** Inside a `[地名]` section. */
  #places = false;
  #terms = 0;

  constructor(faults: Faults, lists: WordLists) {
    this.#faults = faults;
    this.#lists = lists;
  }

  line(written: string, position: Position): void {
    if (written.length > lexiconLimits.line) {
      this.#faults.add(position, `这一行有 ${written.length} 字，最多 ${lexiconLimits.line} 字`, '拆成几行');
      return;
    }
    const text = tidy(written);
    const indent = text.length - text.trimStart().length;
    const body = text.trim();
    if (body === '' || body.startsWith('#')) return;
    const at = { ...position, column: indent + 1 };
    if (body.startsWith('[')) {
      this.#section(body, at);
      return;
    }
    const keyword = /^[^\s:]+/u.exec(body)?.[0] ?? '';
    const rest = body.slice(keyword.length);
    const value = rest.replace(/^[\s:]+/u, '');
    this.#property(keyword, value, at, { ...at, column: at.column + keyword.length + rest.length - value.length });
  }

  endFile(): void {
    this.#close();
    this.#category = null;
    this.#places = false;
  }

  #section(body: string, at: Position): void {
    this.#close();
    this.#places = /^\[\s*地名\s*\]$/u.test(body);
    if (this.#places) return;
    const name = /^\[\s*类别[\s:]+(\S+)\s*\]$/u.exec(body)?.[1];
    const found = categories.find((c) => c.id === name || c.title === name);
    if (found === undefined) {
      this.#faults.add(at, `看不懂“${body}”`, `写成 [类别 自然灾害] 或 [地名]；类别有：${categories.map((c) => c.title).join('、')}`);
    } else this.#category = found.id;
  }

  #property(keyword: string, value: string, at: Position, valueAt: Position): void {
    if (this.#places) {
      if (gazetteerKeywords.includes(keyword)) readGazetteerLine(this.document.gazetteer, keyword, value, valueAt, this.#faults);
      else this.#faults.add(at, `看不懂“${keyword}”`, `[地名] 下每行以这些词之一开头：${gazetteerKeywords.join('、')}`);
      return;
    }
    const begin = own(this.#beginners, keyword);
    const ofRule = own(this.#ruleLines, keyword);
    const ofAdjustment = own(this.#adjustmentLines, keyword);
    if (begin !== undefined) {
      this.#close();
      begin(value, at, valueAt);
    } else if (ofRule !== undefined && !(ofAdjustment !== undefined && this.#open !== null && 'adjustment' in this.#open)) {
      if (this.#open !== null && 'rule' in this.#open) ofRule(this.#open, value, valueAt);
      else this.#faults.add(at, `“${keyword}”不在规则里`, `先写一行“规则 名称 等级”，再写“${keyword}”`);
    } else if (ofAdjustment !== undefined) {
      if (this.#open !== null && 'adjustment' in this.#open) ofAdjustment(this.#open, value, valueAt);
      else this.#faults.add(at, `“${keyword}”不在降级或加重里`, `先写一行“降级 名称”或“加重 名称”，再写“${keyword}”`);
    } else {
      const known = new Set([this.#beginners, this.#ruleLines, this.#adjustmentLines].flatMap((lines) => Object.keys(lines)));
      this.#faults.add(at, `看不懂“${keyword}”`, `每行以这些词之一开头：${[...known].join('、')}`);
    }
  }

  /** Lines that begin something of their own. */
  readonly #beginners: Record<string, (value: string, at: Position, valueAt: Position) => void> = {
    词表: (value, at) => {
      const [name = '', words] = value.split(/\s+/u);
      if (words === undefined) this.#faults.add(at, '词表没有词', '写成：词表 名称 词|词|词');
      else if (!/^[\p{L}\p{N}_·-]+$/u.test(name)) this.#faults.add(at, `词表名称“${name.slice(0, 20)}”不合适`, '用文字、数字、“-”或“·”');
      else this.#count(this.#lists.get(name)?.length ?? 0, at);
    },
    规则: (value, at) => this.#rule(value, at),
    降级: (value, at) => this.#adjustment('lower', value, at),
    加重: (value, at) => this.#adjustment('raise', value, at),
    屏蔽: (value, _at, valueAt) => this.document.masks.push(...this.#list(value, valueAt)),
  };

  readonly #ruleLines: Record<string, (open: OpenRule, value: string, at: Position) => void> = {
    条件: (open, value, at) => {
      open.tried = true;
      const condition = parseCondition(value, at, this.#faults, { lists: this.#lists, singles: open.rule.where === 'damaged' });
      if (condition === null) return;
      open.rule.conditions.push(condition);
      this.#count(condition.groups.flat().length, at);
    },
    排除: (open, value, at) => open.rule.except.push(...this.#list(value, at)),
    全文排除: (open, value, at) => open.rule.absent.push(...this.#list(value, at)),
    部门: (open, value, at) => {
      if (value !== '' && value.length <= lexiconLimits.name) open.rule.department = value;
      else this.#faults.add(at, '部门名称是空的或太长', `写一个 ${lexiconLimits.name} 字以内的名称`);
    },
    位置: (open, value, at) => {
      const where = own(whereWords, value);
      if (where !== undefined) open.rule.where = where;
      else this.#faults.add(at, `看不懂位置“${value}”`, `可写：${Object.keys(whereWords).join('、')}`);
    },
    ...Object.fromEntries(
      Object.entries(detailLines).map(([keyword, read]) => [
        keyword,
        (open: OpenRule, value: string, at: Position) => read(open.rule, value, at, { faults: this.#faults, lists: this.#lists }),
      ]),
    ),
  };

  readonly #adjustmentLines: Record<string, (open: OpenAdjustment, value: string, at: Position) => void> = {
    词: ({ adjustment }, value, at) => adjustment.terms.push(...this.#list(value, at)),
    除非: ({ adjustment }, value, at) => adjustment.unless.push(...this.#list(value, at)),
    来源: ({ adjustment }, value, at) => adjustment.sources.push(...parseSources(value, at, this.#faults)),
    位置: ({ adjustment }, value, at) => {
      if (value === '全文' && adjustment.kind === 'lower') adjustment.whole = true;
      else this.#faults.add(at, `这里不能写“位置 ${value}”`, '只有降级能写，且只能写：位置 全文（整条信息里有这些词，整条就不提示）');
    },
  };

  #rule(value: string, at: Position): void {
    const [id = '', written = '', ...more] = value.split(/\s+/u);
    const level = written.normalize('NFKC').toUpperCase();
    this.#name(id, at);
    if (!isLevel(level) || more.length > 0) {
      this.#faults.add(at, `规则“${id}”的等级不对`, '写成：规则 名称 等级，等级为 I、II、III、IV（特别重大、重大、较大、一般）');
    }
    if (this.#category === null) this.#faults.add(at, `规则“${id}”不在任何类别里`, '在前面写一行 [类别 自然灾害]');
    if (this.document.rules.length === lexiconLimits.rules) this.#faults.add(at, `规则超过 ${lexiconLimits.rules} 条`, '请删减');
    const category = this.#category ?? 'disaster';
    const rule: Rule = {
      id,
      category,
      level: isLevel(level) ? level : 'IV',
      department: categoryInfo(category).department,
      where: 'lead',
      conditions: [],
      except: [],
      absent: [],
      position: at,
      sources: [],
      local: false,
      weights: null,
      times: 1,
      density: 0,
      requires: [],
      raises: [],
      examples: [],
    };
    if (this.document.rules.length < lexiconLimits.rules) this.document.rules.push(rule);
    this.#open = { rule, tried: false };
  }

  #adjustment(kind: Adjustment['kind'], name: string, at: Position): void {
    this.#name(name, at);
    const adjustment: Adjustment = { name, kind, terms: [], unless: [], sources: [], whole: false };
    this.document.adjustments.push(adjustment);
    this.#open = { adjustment, position: at };
  }

  #name(name: string, at: Position): void {
    if (!/^[\p{L}\p{N}_·-]+$/u.test(name) || name.length > lexiconLimits.name) {
      this.#faults.add(at, `名称“${name.slice(0, 20)}”不合适`, `用 ${lexiconLimits.name} 字以内的文字、数字、“-”或“·”，中间不留空格`);
    } else if (this.#names.has(name)) this.#faults.add(at, `名称“${name}”用了两次`, '每条规则、降级、加重的名称都要不同');
    this.#names.add(name);
  }

  #list(value: string, at: Position): Term[] {
    const terms = parseTerms(value.replace(/\s*\|\s*/gu, '|'), at, this.#faults, this.#lists) ?? [];
    this.#count(terms.length, at);
    return terms;
  }

  #count(more: number, at: Position): void {
    const before = this.#terms;
    this.#terms += more;
    if (before <= lexiconLimits.terms && this.#terms > lexiconLimits.terms)
      this.#faults.add(at, `词超过 ${lexiconLimits.terms} 个`, '请删减');
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    if ('rule' in open && !open.tried) {
      this.#faults.add(open.rule.position, `规则“${open.rule.id}”没有条件`, '在下面写一行“条件 …”');
    }
    if ('adjustment' in open && open.adjustment.terms.length === 0) {
      this.#faults.add(open.position, `“${open.adjustment.name}”没有词`, '在下面写一行“词 …”');
    }
  }
}

/** Full-width signs that an input method yields are read as the plain ones. One unit stays one unit. */
function tidy(line: string): string {
  return line.replace(/[｜～：＃［］｛｝＋＾＞＝％０-９\u3000\t\r]/gu, (sign) => (/\s/u.test(sign) ? ' ' : sign.normalize('NFKC')));
}

/** A written word may also be the name of something every object has. */
function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
