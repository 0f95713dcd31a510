import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole } from './build.ts';

describe('buildConsole', () => {
  let parent: string;
  let outDir: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'guanlan console '));
    outDir = join(parent, 'dist');
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  it('builds once, says what it does, and then leaves good pages alone', async () => {
    const leftover = `${outDir}.new-00000000-0000-4000-8000-000000000000`;
    await mkdir(leftover);
    await utimes(leftover, new Date(0), new Date(0));
    const said: string[] = [];
    expect(await buildConsole({ outDir, onProgress: (message) => said.push(message) })).toMatchObject({ dir: outDir, built: true });
    expect(said.at(-1)).toMatch(/^正在打包 \d+ 个模块$/u);
    expect(await readdir(parent)).toEqual(['dist']);
    expect(await buildConsole({ outDir })).toMatchObject({ dir: outDir, built: false });
  }, 120_000);

  it('writes pages that a strict content security policy lets through', async () => {
    const html = await readFile(join(outDir, 'index.html'), 'utf8');
    expect(html).toContain('lang="zh-CN"');
    const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gu)];
    expect(scripts).toHaveLength(1);
    expect(scripts[0]?.[1]).toMatch(/src="\/assets\/index-[\w-]{8}\.js"/u);
    expect(scripts[0]?.[2]).toBe('');
    expect(html).not.toMatch(/data:|<style|\son\w+=/u);
  });

  it('is the production build of its libraries, whatever runs it', async () => {
    const assets = await readdir(join(outDir, 'assets'));
    const bodies = await Promise.all(assets.filter((n) => n.endsWith('.js')).map((n) => readFile(join(outDir, 'assets', n), 'utf8')));
    expect(process.env.NODE_ENV).toBe('test');
    expect(bodies.join('')).not.toContain('jsxDEV');
    expect(bodies.join('')).not.toContain('Each child in a list should have a unique');
  });

  it('keeps the charts out of what the first page loads', async () => {
    const html = await readFile(join(outDir, 'index.html'), 'utf8');
    const assets = await readdir(join(outDir, 'assets'));
    const bodies = await Promise.all(
      assets.filter((n) => n.endsWith('.js')).map(async (n) => [n, await readFile(join(outDir, 'assets', n), 'utf8')] as const),
    );
    const charts = bodies.filter(([, body]) => body.includes('registerTransform')).map(([name]) => name);
    expect(charts.length).toBeGreaterThan(0);
    for (const name of charts) expect(html).not.toContain(name);
  });

  it('builds anew when the pages were made from something else or are not whole', async () => {
    await writeFile(join(outDir, '.stamp'), 'other sources');
    await writeFile(join(outDir, 'stray.txt'), 'of the old build');
    expect((await buildConsole({ outDir })).built).toBe(true);
    expect(await readdir(outDir)).not.toContain('stray.txt');
    await rm(join(outDir, 'index.html'));
    expect((await buildConsole({ outDir })).built).toBe(true);
  }, 240_000);
});
