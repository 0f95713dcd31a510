import { enableCompileCache } from 'node:module';

// Type stripping and loading cost more than most commands' work: keep what was compiled.
enableCompileCache();

const { runCli } = await import('./cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
