export * from './clock.ts';
export * from './config.ts';
export * from './defaults.ts';
export * from './http/client.ts';
export * from './http/robots.ts';
export * from './lifecycle.ts';
export * from './logger.ts';
export * from './repeat.ts';
