import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { rootDir } from '@guanlan/runtime';

export interface ServiceProcess {
  readonly name: string;
  /** What it wrote to stderr, the last part of it. */
  log(): string;
  running(): boolean;
  start(): void;
  /** SIGKILL: nothing is finished, nothing is flushed. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** `guanlan up --services <name>` as a process of its own, that may be killed and started again. */
export function serviceProcess(name: string, env: Record<string, string>): ServiceProcess {
  let child: ChildProcess | undefined;
  let log = '';
  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    name,
    log: () => log,
    running,
    start: () => {
      child = spawn(process.execPath, [path.join(rootDir, 'services', 'cli', 'src', 'main.ts'), 'up', '--services', name], {
        env: { ...process.env, GUANLAN_LOG_LEVEL: 'warn', ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr?.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString('utf8')).slice(-20_000);
      });
    },
    kill: async () => {
      if (child === undefined || !running()) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      if (child === undefined || !running()) return child?.exitCode ?? null;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      return child.exitCode;
    },
  };
}
