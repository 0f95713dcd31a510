export { type ApiOptions, type ApiService, createApi } from './api.ts';
export { checkPassword, hashPassword } from './auth/password.ts';
export type { Readiness } from './context.ts';
export { beginDrill, breakOffDrill, injectDrills, reportDrill } from './drill.ts';
export { type PreviewStep, previewDraft } from './lexicon/preview.ts';
export { type Publication, publishRevision } from './lexicon/publish.ts';
