export * from './classifier.ts';
export type { Door } from './door.ts';
export { type CurrentJudge, createJudgeHolder, type JudgeHolder } from './judge.ts';
export { createReassessor, type ReassessorOptions } from './reassessor.ts';
