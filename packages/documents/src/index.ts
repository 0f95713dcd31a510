export type { Block } from './block.ts';
export { buildDocx } from './docx.ts';
