export { type ApiOptions, type ApiService, createApi } from './api.ts';
export { checkPassword, hashPassword } from './auth/password.ts';
export type { Readiness } from './context.ts';
export { beginDrill, breakOffDrill, injectDrills, reportDrill } from './drill.ts';
