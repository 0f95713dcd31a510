export { createDemoCounty, type DemoCounty, type DemoOptions, type DemoSource, type DemoStats } from './county.ts';
