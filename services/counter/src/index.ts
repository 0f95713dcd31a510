export * from './counter.ts';
export { createSampler, type SamplerOptions } from './sampler.ts';
