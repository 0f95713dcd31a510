export { readPack } from './pack.ts';
export { packBlocks, renderPack } from './render.ts';
