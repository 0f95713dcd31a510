import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

/** How one of PostgreSQL's programs ended: `output` is its stdout and stderr (English). */
export interface Ended {
  code: number | null;
  output: string;
}

/** Runs a program of PostgreSQL to its end, as the cluster's account. Never through a shell: paths may hold anything. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { account: Account | undefined; cwd: string; input?: string },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: programEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...options.account,
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // It may end before it has read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.once('error', (error) => resolve({ code: null, output: `${output}\n${error.message}` }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * What a PostgreSQL program needs of our environment and no more: the server outlives us, and must neither carry our
 * secrets nor be steered by a PGPORT or PGDATA meant for another one. Messages in English, so that faults are recognised.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C' };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
