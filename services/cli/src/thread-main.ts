import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { startAll } from '@guanlan/runtime';
import { assemble, requireHandlers } from './assemble.ts';
import { openResources } from './resources.ts';
import type { ThreadInput } from './thread.ts';

const { services: names, databaseUrl, freeHosts = [], tickMs } = workerData as ThreadInput;
const resources = await openResources({ overrides: { databaseUrl }, freeHosts });
const { services } = await assemble(resources, names, { tickMs });
const running = await startAll(services, resources.logger);
requireHandlers(resources, names);
parentPort?.postMessage('ready');
if (parentPort) await once(parentPort, 'message');
await running.stop();
await resources.close();
parentPort?.close();
