export * from './classifier.ts';
export * from './clusterer.ts';
export { type CurrentJudge, createJudgeHolder, type JudgeHolder } from './judge.ts';
