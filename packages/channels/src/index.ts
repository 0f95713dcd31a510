export * from './define.ts';
export { signWebhook, verifyWebhook } from './kinds/webhook.ts';
export * from './load.ts';
export { isSecret, maskedOptions } from './secret.ts';
