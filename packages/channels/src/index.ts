export * from './define.ts';
export * from './form.ts';
export { newPushKey } from './kinds/browser.ts';
export { signWebhook, verifyWebhook } from './kinds/webhook.ts';
export * from './load.ts';
export { isSecret, maskedOptions } from './secret.ts';
