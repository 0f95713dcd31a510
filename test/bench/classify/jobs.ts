import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { classifyParallel, classifyStream, loadJudge, loadJudgeSource } from '@guanlan/lexicon';
import { defaultsDir } from '@guanlan/runtime';
import { ordinaryPosts } from '../vocabulary.ts';

/** `jobs.ts COUNT REPEATS JOBS`: lines in, lines out, in a process of its own; prints milliseconds, the start of the threads included. */
const [count = 0, repeats = 0, jobs = 1] = process.argv.slice(2).map(Number);
const lines = Buffer.from([...ordinaryPosts(count)].map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
const input = Readable.from(
  (function* () {
    for (let n = 0; n < repeats; n++) yield lines;
  })(),
);
const output = new Writable({ write: (_piece, _encoding, done) => done() });
const folder = path.join(defaultsDir, 'lexicon');
const from = performance.now();
if (jobs === 1) await classifyStream(input, output, await loadJudge(folder));
else await classifyParallel(input, output, await loadJudgeSource(folder), jobs);
process.stdout.write(String(performance.now() - from));
