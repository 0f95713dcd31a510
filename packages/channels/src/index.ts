export * from './define.ts';
export { signWebhook, verifyWebhook } from './kinds/webhook.ts';
export * from './load.ts';
