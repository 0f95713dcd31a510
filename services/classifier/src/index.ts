export * from './classifier.ts';
export type { Door } from './door.ts';
export { type CurrentJudge, createJudgeHolder, type JudgeHolder } from './judge.ts';
