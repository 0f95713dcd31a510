export * from './classifier.ts';
export * from './clusterer.ts';
export { type CurrentJudge, createJudgeHolder, type JudgeHolder } from './judge.ts';
export { createReassessor, type ReassessorOptions } from './reassessor.ts';
