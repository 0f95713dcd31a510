export { type FailedExample, type Inspection, inspectLexicon, testExamples, warningsOf } from './check.ts';
export { classifyStream } from './classify.ts';
export { classifyParallel } from './classify-parallel.ts';
export { type Fault, formatFault } from './faults.ts';
export type { Gazetteer, Place } from './gazetteer.ts';
export { createJudge, type Judge, type Judged } from './judge.ts';
export {
  type Adjustment,
  type Condition,
  compileLexicon,
  type Example,
  joinLexicon,
  type Lexicon,
  type LexiconFile,
  type Link,
  lexiconDigest,
  type Rule,
  type Term,
} from './lexicon.ts';
export { type LexiconSource, loadJudge, loadJudgeSource, loadLexiconFile, loadLexiconFolder } from './load.ts';
export { createMatcher, type Matcher, type Scan } from './matcher.ts';
export { type Normalised, normalise } from './normalise.ts';
export { createPreview, type Preview, type PreviewItem } from './preview.ts';
export { loadSegmenter } from './segment.ts';
export { createVolume, type Volume, type VolumeItem } from './volume.ts';
export { warningsApart } from './warnings-apart.ts';
