#!/usr/bin/env node
import { ensureInstalled, faultsToExitCode } from './install.mjs';
import { endWithParent } from './parent.mjs';
import { runCommandLine } from './workspace.mjs';

await faultsToExitCode(async () => {
  endWithParent();
  await ensureInstalled();
  await runCommandLine(process.argv.slice(2));
});
