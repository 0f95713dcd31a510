import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { mutated, randomOf } from './mutate.ts';
import { readPage } from '@guanlan/sources';
import { parsePage } from '../../packages/sources/src/page/dom.ts';
import { readTitle } from '../../packages/sources/src/page/title.ts';
import { readPublished } from '../../packages/sources/src/page/published.ts';
import { readBody } from '../../packages/sources/src/page/body.ts';
import { decode } from '@guanlan/sources';
const root = path.resolve(import.meta.dirname, '../..');
type Reader='feed'|'page'|'list';
const random = randomOf(1); const seeds = documents();
for (let run=0; run<=7939; run++){ const s=seeds[Math.floor(random()*seeds.length)]!; const b=mutated(s.bytes, random); if(run===7939){ console.log(s.name,s.bytes.length,b.length); for(let i=0;i<2;i++){let t=performance.now(); const lap=(n:string)=>{console.log(n,(performance.now()-t)|0);t=performance.now()}; const html=decode(b).text; lap('decode'); const d=await parsePage(html); lap('parse'); const ti=readTitle(d!); lap('title'); readPublished(d!,html,ti.title,new Date(0)); lap('pub'); await readBody(d!); lap('body'); await readPage(b,{url:'https://e.org/',now:new Date(0)}); lap('all'); console.log(html.split('<').length)} } }
function documents(): { name: string; reader: Reader; bytes: Uint8Array }[] {
  const fixtures = path.join(root, 'packages/sources/fixtures');
  const beside = path.resolve(root, '../shared/data/dev');
  const folders: [folder: string, reader: Reader][] = [
    [path.join(fixtures, 'feed'), 'feed'],
    [path.join(fixtures, 'list'), 'page'],
    [path.join(fixtures, 'list'), 'list'],
    [path.join(fixtures, 'page'), 'page'],
    [path.join(beside, 'feed/files'), 'feed'],
    [path.join(beside, 'page/html'), 'page'],
    [path.join(beside, 'page/html'), 'list'],
  ];
  return folders.flatMap(([folder, reader]) =>
    files(folder).map((file) => ({ name: `${reader} ${path.basename(file)}`, reader, bytes: readFileSync(file) })),
  );
}

function files(folder: string): string[] {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder, { recursive: true }) : [];
  const all = names.map((name) => path.join(folder, String(name))).sort();
  return all.filter((file) => /\.(?:xml|page|html?|json)$|\/[^./]+$/iu.test(file) && statSync(file).isFile());
}
