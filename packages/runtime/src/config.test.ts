import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { configDocs, loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'guanlan-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function faultOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(GuanlanError);
    expect((error as GuanlanError).code).toBe('config-invalid');
    return (error as GuanlanError).message;
  }
  throw new Error('accepted');
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      port: 7210,
      host: '127.0.0.1',
      logLevel: 'warn',
      userAgent: 'Guanlan/0.1',
      hostIntervalMs: 1_000,
      dailyHour: 18,
    });
  });

  it('takes an override before the environment, and an empty variable for none', () => {
    const config = loadConfig({ GUANLAN_PORT: '8000', GUANLAN_HOST: '0.0.0.0', GUANLAN_LOG_LEVEL: '' }, { port: 9000, host: undefined });
    expect(config).toMatchObject({ port: 9000, host: '0.0.0.0', logLevel: 'warn' });
  });

  it('is frozen', () => {
    const config = loadConfig({});
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  });

  it('puts the contact into the User-Agent, and leaves a given one alone', () => {
    expect(loadConfig({ GUANLAN_CONTACT: 'mailto:office@example.cn' }).userAgent).toBe('Guanlan/0.1 (+mailto:office@example.cn)');
    expect(loadConfig({ GUANLAN_CONTACT: 'x@example.cn', GUANLAN_USER_AGENT: 'Office/1' }).userAgent).toBe('Office/1');
  });

  it('removes the last slash of the public address', () => {
    expect(loadConfig({ GUANLAN_PUBLIC_URL: 'https://g.example.cn/' }).publicUrl).toBe('https://g.example.cn');
  });

  it('reads a secret from a file', () => {
    const file = join(folder, 'database-url');
    writeFileSync(file, 'postgres://u:p@db/guanlan\n');
    expect(loadConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://u:p@db/guanlan');
  });

  it('reports every fault at once, without repeating a secret', () => {
    const message = faultOf({
      DATABASE_URL: 'mysql://u:hunter2@db/x',
      REDIS_URL_FILE: join(folder, 'missing'),
      GUANLAN_PORT: '70000',
      GUANLAN_LOG_LEVEL: 'loud',
      GUANLAN_USER_AGENT: '观澜\r\nX: y',
      GUANLAN_PUBLIC_URL: 'ftp://x',
      GUANLAN_HOST_INTERVAL_MS: '-1',
    });
    for (const env of [
      'DATABASE_URL',
      'REDIS_URL_FILE',
      'GUANLAN_PORT',
      'GUANLAN_LOG_LEVEL',
      'GUANLAN_USER_AGENT',
      'GUANLAN_PUBLIC_URL',
      'GUANLAN_HOST_INTERVAL_MS',
    ]) {
      expect(message).toContain(`- ${env}：`);
    }
    expect(message).toContain('7 处错误');
    expect(message).not.toContain('hunter2');
  });

  it('refuses a secret given twice, and an empty file', () => {
    const file = join(folder, 'empty');
    writeFileSync(file, '\n');
    expect(faultOf({ REDIS_URL: 'redis://a', REDIS_URL_FILE: file })).toContain('只能设一个');
    expect(faultOf({ REDIS_URL_FILE: file })).toContain('是空的');
  });
});

describe('configDocs', () => {
  it('describes every variable', () => {
    const docs = configDocs();
    expect(docs.find((doc) => doc.env === 'GUANLAN_PORT')).toMatchObject({ default: '7210', fileEnv: null });
    expect(docs.find((doc) => doc.env === 'DATABASE_URL')).toMatchObject({ default: null, fileEnv: 'DATABASE_URL_FILE' });
    expect(docs.every((doc) => doc.description.length > 3)).toBe(true);
  });
});
