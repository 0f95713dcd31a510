export { decide, stages } from './decide.ts';
export { createDispatcher, type DispatcherOptions } from './dispatcher.ts';
export { sendTest } from './send.ts';
