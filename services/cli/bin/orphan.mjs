// When this process is killed with -9, the package manager it started runs on, and must not write into node_modules
// beside a second one. So its process group is written down, and the next install ends what is left of it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startedAt } from './install-lock.mjs';

export function remember(file, pid) {
  writeFileSync(file, JSON.stringify({ pid, started: startedAt(pid) }));
}

export async function endOrphan(file) {
  let orphan;
  try {
    orphan = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return;
  }
  // A group's number is not given out again while any of the group lives, so one without a living leader is still ours; a
  // leader with another start time is somebody else's.
  const started = startedAt(orphan.pid);
  if (started === undefined || started === orphan.started) {
    for (let left = 50; left > 0 && endTree(orphan.pid, 'SIGKILL'); left--) await delay(100);
  }
  rmSync(file, { force: true });
}

/** Signals a process and all it started; false when none of them lives. */
export function endTree(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
    return true;
  } catch {
    return false;
  }
}
