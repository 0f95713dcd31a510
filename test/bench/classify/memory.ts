import path from 'node:path';
import { Writable } from 'node:stream';
import { classifyStream, loadJudge } from '@guanlan/lexicon';
import { defaultsDir } from '@guanlan/runtime';

/** Classifies standard input with the shipped lexicon, and prints the peak resident megabytes of the process. */
const judge = await loadJudge(path.join(defaultsDir, 'lexicon'));
await classifyStream(process.stdin, new Writable({ write: (_piece, _encoding, done) => done() }), judge);
process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)));
