export { type CanaryOptions, createCanary } from './canary.ts';
export type { CollectResult } from './collector.ts';
export { type CrawlerOptions, createCrawler } from './crawler.ts';
export { assessSources } from './health.ts';
export { collectNow, type DescribedSource, describeSource, type LookResources, trySource } from './look.ts';
