import { GuanlanError } from '@guanlan/domain';
import type { Fault } from './faults.ts';
import { createJudge } from './judge.ts';
import { compileLexicon, type Lexicon, type Rule, type Term } from './lexicon.ts';
import { tagsOf } from './segment.ts';

/** An example that does not come out as its rule says. */
export interface FailedExample {
  rule: string;
  fault: Fault;
}

/** What is wrong with a text, without an error for it. */
export interface Inspection {
  /** Null when {@link faults} is not empty. */
  lexicon: Lexicon | null;
  /** At most 100. */
  faults: Fault[];
  examples: number;
  failed: FailedExample[];
}

/** Compiles a text and runs its examples. */
export function inspectLexicon(source: string): Inspection {
  try {
    const lexicon = compileLexicon(source);
    return { lexicon, faults: [], ...testExamples(lexicon) };
  } catch (error) {
    if (!(error instanceof GuanlanError) || error.code !== 'lexicon-invalid') throw error;
    return { lexicon: null, faults: error.details.errors as Fault[], examples: 0, failed: [] };
  }
}

/** Runs the examples that stand inside the rules. */
export function testExamples(lexicon: Lexicon): { examples: number; failed: FailedExample[] } {
  const judge = createJudge(lexicon);
  const county = lexicon.gazetteer.county;
  let examples = 0;
  const failed: FailedExample[] = [];
  for (const rule of lexicon.rules) {
    for (const { text, fires, position } of rule.examples) {
      examples++;
      // An example is judged as a short post from a source that the rule asks for, in the county where it asks for that.
      const item = { text: rule.local && county !== '' ? `${county}。${text}` : text, sourceKind: rule.sources[0] ?? 'unknown' };
      const { reasons, suppressed } = judge.assess(item);
      if (reasons.some((reason) => reason.rule === rule.id) === fires) continue;
      const by = suppressed.find((one) => one.rule === rule.id)?.by;
      const message = fires ? `规则“${rule.id}”没有命中例子` : `规则“${rule.id}”命中了不该命中的例子`;
      const hint = fires ? `改条件或改例子${by === undefined ? '' : `（被“${by}”挡下）`}` : '加“排除”，或把条件写窄';
      failed.push({ rule: rule.id, fault: { ...position, message, hint } });
    }
  }
  return { examples, failed };
}

/** The hundred commonest surnames: the segmenter's dictionary takes 洪水 and 幼儿园 for names, and a warning in vain teaches people to overlook them. */
const surnames = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴',
);

/** What is not wrong but deserves a look: words that the segmenter takes for a person's name. Loads its dictionary. */
export function warningsOf(lexicon: Lexicon): Fault[] {
  const warnings: Fault[] = [];
  const seen = new Set<string>();
  const look = (terms: readonly Term[], rule: Rule) => {
    for (const { text } of terms) {
      if (seen.has(text) || text.length < 2 || text.length > 3 || !surnames.has(text[0] ?? '')) continue;
      seen.add(text);
      if (!tagsOf(text).every((tag) => tag.startsWith('nr'))) continue;
      warnings.push({
        ...rule.position,
        message: `规则“${rule.id}”里的“${text}”像是人名`,
        hint: '词库只写事情，不写人；确实不是人名就不必管',
      });
    }
  };
  for (const rule of lexicon.rules) {
    for (const { groups } of rule.conditions) look(groups.flat(), rule);
    look(rule.except, rule);
  }
  return warnings;
}
