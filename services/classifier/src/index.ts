export * from './classifier.ts';
export * from './clusterer.ts';
