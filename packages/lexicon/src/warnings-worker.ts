import { parentPort, workerData } from 'node:worker_threads';
import { warningsOf } from './check.ts';
import { compileLexicon } from './lexicon.ts';

parentPort?.postMessage(warningsOf(compileLexicon(workerData as string)));
