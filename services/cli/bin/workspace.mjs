// Runs the product's own program in the workspace's Node 24, whatever Node this is.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root, workspaceNode } from './install.mjs';

const main = path.join(root, 'services/cli/src/main.ts');
const tether = path.join(path.dirname(fileURLToPath(import.meta.url)), 'tether.mjs');

/**
 * V8 grows its heap as if the machine were its own; on a small one that also holds the database that is 150 MB for nothing
 * (measured: 590 MB at the peak without these, 450 MB with them, at the same speed).
 */
const memoryFlags = ['--max-semi-space-size=8', '--heap-growing-percent=70'];
/** glibc keeps an arena for each of many threads, and what is freed in one is of no use to another: 50 MB less with two. Elsewhere it means nothing. */
const memoryEnvironment = { MALLOC_ARENA_MAX: '2' };

/** The command line with these arguments; in this very process when it already is the workspace's Node and the command is a short one. */
export async function runCommandLine(args) {
  if (args[0] !== 'up' && realpathSync(process.execPath) === realpathSync(workspaceNode)) {
    process.argv = [process.execPath, main, ...args];
    await import(pathToFileURL(main).href);
    return;
  }
  process.exitCode = await runInWorkspaceNode([...memoryFlags, main, ...args]);
}

/** Runs a program file with arguments, our stdio and our signals; resolves with its exit code (128 + n when a signal ended it). */
export function runInWorkspaceNode(args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(workspaceNode, ['--import', pathToFileURL(tether).href, ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      windowsHide: true,
      env: { ...memoryEnvironment, ...process.env },
      ...options,
    });
    // A terminal's Ctrl-C reaches the child by itself; told twice, it would take the second for "at once".
    const forward = (signal) => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(name, forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
