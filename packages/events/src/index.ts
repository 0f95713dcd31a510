export { type Gist, type GistInput, gistLength, gistOf } from './gist.ts';
export {
  candidateLimit,
  chooseEvent,
  createGrouping,
  type Grouped,
  type GroupedId,
  type GroupedItem,
  type Grouping,
  type Placement,
} from './grouping.ts';
export { type Kindred, type KindredInput, kindredOf } from './kindred.ts';
export { decodeSignature, encodeSignature, signatureOf, signatureSlots } from './signature.ts';
export { compare, type Similarity, similarityRule } from './similarity.ts';
export { type Candidate, createWindow, type Member, rebuild, type Window } from './window.ts';
