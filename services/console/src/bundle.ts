import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

/** What `build.ts` starts as a process: `bundle.ts ROOT OUT_DIR`. Tells its parent how far it is, and ends with it. */
const [root, outDir] = process.argv.slice(2);
if (root === undefined || outDir === undefined) throw new Error('usage: bundle.ts ROOT OUT_DIR');
process.on('disconnect', () => process.exit(1));

let seen = 0;
let told = 0;

try {
  await build({
    root,
    base: '/',
    configFile: false,
    envFile: false,
    publicDir: false,
    mode: 'production',
    logLevel: 'silent',
    plugins: [react(), { name: 'guanlan:progress', transform: count, renderStart: () => tell(`正在打包 ${seen} 个模块`) }],
    build: {
      outDir,
      emptyOutDir: true,
      // Every asset is a file of its own: `data:` addresses would need an exception in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2_000,
      reportCompressedSize: false,
      target: 'es2022',
      rolldownOptions: {
        // The console; the form of direct reports, which takes nothing of it along; and what shows pushed messages, whose name must stay.
        input: {
          index: join(root, 'index.html'),
          report: join(root, 'report.html'),
          'push-worker': join(root, 'src/channel/push-worker.ts'),
        },
        output: {
          entryFileNames: ({ name }) => (name === 'push-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
  });
  process.exitCode = 0;
} catch (error) {
  process.stderr.write(stripVTControlCharacters(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
process.removeAllListeners('disconnect');
process.disconnect?.();

function count(): null {
  seen += 1;
  const now = performance.now();
  if (now - told > 300) {
    told = now;
    tell(`已处理 ${seen} 个模块`);
  }
  return null;
}

function tell(message: string): void {
  process.send?.(message);
}
