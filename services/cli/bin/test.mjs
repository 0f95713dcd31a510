#!/usr/bin/env node
// Installs what is missing, runs every test, names what was skipped and why; the last line is the count.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, faultsToExitCode, root } from './install.mjs';
import { endWithParent } from './parent.mjs';
import { runInWorkspaceNode } from './workspace.mjs';

await faultsToExitCode(async () => {
  endWithParent();
  await ensureInstalled();
  const folder = mkdtempSync(path.join(tmpdir(), 'guanlan-tally-'));
  const file = path.join(folder, 'tally.json');
  try {
    const reporter = path.join(path.dirname(fileURLToPath(import.meta.url)), 'tally-reporter.mjs');
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const code = await runInWorkspaceNode([vitest, 'run', '--reporter=default', `--reporter=${reporter}`, ...process.argv.slice(2)], {
      cwd: root,
      env: { ...process.env, GUANLAN_TEST_TALLY: file },
    });
    process.exitCode = summarise(code, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Prints the summary and returns the exit code. In CI nothing may be skipped but what needs the shared data where there is none. */
function summarise(code, tally) {
  const { passed, failed, skipped } = tally ?? { passed: 0, failed: ['vitest 没有运行完'], skipped: [] };
  const lines = [];
  if (skipped.length > 0) lines.push('跳过的测试：', ...skipped.map(({ name, reason }) => `  - ${name}：${reason || '未说明原因'}`));
  const excused = ({ reason }) => reason.includes('shared/data') && !existsSync(path.join(root, '../shared/data'));
  const forbidden = process.env.CI ? skipped.filter((test) => !excused(test)) : [];
  if (forbidden.length > 0) lines.push('CI 中不允许跳过：', ...forbidden.map(({ name }) => `  - ${name}`));
  if (failed.length > 0) lines.push('失败：', ...failed.map((name) => `  - ${name}`));
  if (passed === 0 && failed.length === 0) lines.push('没有运行任何测试');
  lines.push(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  if (code !== 0) return code;
  return failed.length > 0 || passed === 0 || forbidden.length > 0 ? 1 : 0;
}
