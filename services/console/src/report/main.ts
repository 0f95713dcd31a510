import type { ReportFormView, ReportReceiptView } from '@guanlan/contracts';
import { byId, el, show } from './dom.ts';
import { type Draft, emptyDraft, openDrafts } from './draft.ts';
import { receiptsOf } from './receipts.ts';
import { resultView } from './result.ts';
import { Refusal, reportClient } from './send.ts';
import { shrink } from './shrink.ts';

const fields = ['what', 'place', 'detail', 'happened', 'people', 'done'] as const;
const input = (name: string) => byId<HTMLInputElement>(name);
const retryMs = 20_000;
const saveMs = 300;

const token = new URLSearchParams(location.search).get('unit') ?? '';
const client = reportClient(token);
const receipts = receiptsOf(token);
const drafts = await openDrafts(token);
let limits: ReportFormView['limits'] = { attachments: 6, attachmentBytes: 10 * 2 ** 20 };
let draft: Draft = (await drafts.load()) ?? emptyDraft();
let sending = false;
let saving: ReturnType<typeof setTimeout> | undefined;

start();

function start(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => document.documentElement.setAttribute('data-scheme', dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', paint);
  paint();
  byId('form').addEventListener('input', changed);
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  byId('lookup').addEventListener('submit', (event) => {
    event.preventDefault();
    void look(input('receipt').value);
  });
  byId('retry').addEventListener('click', () => void flush());
  byId('edit').addEventListener('click', () => {
    draft.queued = false;
    void drafts.save(draft);
    write();
  });
  input('file').addEventListener('change', () => void addFiles());
  addEventListener('online', () => void flush());
  setInterval(() => void flush(), retryMs);
  if (!/^gu_[\w-]{20,}$/u.test(token)) {
    byId('unit').textContent = '';
    notice('这个网址不完整。请用本单位收到的完整上报链接打开。');
    return;
  }
  write();
  void learn();
}

/** Asks who this link belongs to and which places there are. Without a connection the form works all the same. */
async function learn(): Promise<void> {
  try {
    const form = await client.form();
    limits = form.limits;
    byId('unit').textContent = form.unit.name;
    document.title = `情况直报 · ${form.unit.name}`;
    for (const place of form.places) offerPlace(place);
    show('attaching', limits.attachments > 0);
    hint();
  } catch (error) {
    if (error instanceof Refusal) {
      byId('unit').textContent = '';
      for (const id of ['form', 'past', 'waiting']) show(id, false);
      notice(error.message);
      return;
    }
    byId('unit').textContent = '现在没有网络，可以先写好';
    setTimeout(() => void learn(), retryMs);
  }
  await flush();
}

/** Shows the draft as a form, or as what waits to be sent. */
function write(): void {
  // The list of places may not have arrived yet: what was chosen must not be lost meanwhile.
  offerPlace(draft.place);
  for (const name of fields) input(name).value = draft[name];
  show('correcting', draft.corrects !== null);
  byId('correcting').textContent = draft.corrects === null ? '' : `补充或更正 ${draft.corrects}。原来的上报不会改动，这一份会记在它后面。`;
  show('form', !draft.queued);
  show('waiting', draft.queued);
  show('result', false);
  listFiles();
  listReceipts();
  hint();
}

function offerPlace(place: string): void {
  const list = byId<HTMLSelectElement>('place');
  if (![...list.options].some(({ value }) => value === place)) list.append(el('option', { value: place }, place));
}

function changed(): void {
  for (const name of fields) draft[name] = input(name).value.trim();
  const people = input('people');
  if (/\D/u.test(people.value)) people.value = draft.people = people.value.normalize('NFKC').replace(/\D/gu, '');
  if (draft.tried) draft.changed = true;
  clearTimeout(saving);
  saving = setTimeout(() => void save(), saveMs);
}

async function save(): Promise<void> {
  clearTimeout(saving);
  const kept = await drafts.save(draft);
  byId('saved').textContent = kept ? '草稿已存在这台手机上' : '这台手机不能存草稿，请不要关闭页面';
}

function submit(): void {
  changed();
  if (draft.what.length < 5) {
    notice('请写清楚发生了什么（至少 5 个字）。');
    input('what').focus();
    return;
  }
  notice('');
  draft.queued = true;
  write();
  void save().then(flush);
}

/** Sends what waits. A lost answer does no harm: the key says that it is the same report. */
async function flush(): Promise<void> {
  if (!draft.queued || sending) return;
  sending = true;
  const tell = (title: string, text: string) => {
    byId('waiting-title').textContent = title;
    byId('waiting-text').textContent = text;
    show('retry', !sending);
    show('edit', !sending);
  };
  tell('正在上报', '请稍等…');
  const current = draft;
  current.tried = true;
  try {
    const { report, before } = await client.send(
      current,
      (words) => tell('正在上报', words),
      () => drafts.save(current),
    );
    receipts.add(report.receipt);
    if (before && current.changed) await keepChanges(report);
    else {
      draft = emptyDraft();
      await drafts.clear();
      result(report, '已上报');
    }
    sending = false;
  } catch (error) {
    sending = false;
    if (!(error instanceof Refusal)) {
      const offline = navigator.onLine === false;
      tell('已存好，还没有报上去', `${offline ? '现在没有网络' : '网络不通或服务正忙'}，恢复后自动上报，不会重复。请不要清除浏览器数据。`);
      return;
    }
    // A file the server no longer has must be sent anew.
    for (const file of current.files) file.sha256 = null;
    current.queued = false;
    await drafts.save(current);
    write();
    notice(error.message);
  }
}

/** An earlier sending arrived after all: what was changed since then becomes a correction, to be sent or dropped. */
async function keepChanges(report: ReportReceiptView): Promise<void> {
  draft = { ...draft, key: emptyDraft().key, corrects: report.receipt, queued: false, tried: false, changed: false };
  await drafts.save(draft);
  write();
  notice(`前一次其实已经报上，回执号 ${report.receipt}。后来的修改还没有报：如有必要，请作为更正提交。`);
}

function result(report: ReportReceiptView, lead: string): void {
  notice('');
  const box = byId('result');
  const begin = (corrects: string | null) => {
    draft = corrects === null ? emptyDraft() : { ...emptyDraft(corrects), ...earlier(report) };
    void drafts.save(draft);
    write();
    input('what').focus();
  };
  box.replaceChildren(...resultView(report, lead, { correct: () => begin(report.receipt), another: () => begin(null) }));
  for (const id of ['form', 'waiting']) show(id, false);
  show('result', true);
  listReceipts();
  box.focus();
  scrollTo(0, 0);
}

function earlier({ what, place, detail, people, done }: ReportReceiptView): Partial<Draft> {
  return { what, place, detail, done, people: people === null ? '' : String(people) };
}

async function look(receipt: string): Promise<void> {
  try {
    const report = await client.find(receipt.trim());
    receipts.add(report.receipt);
    result(report, '办理情况');
  } catch (error) {
    notice(error instanceof Refusal ? error.message : '现在查不了：网络不通或服务正忙，请稍后再试。');
  }
}

function listReceipts(): void {
  const known = receipts.list();
  byId('receipts').replaceChildren(
    ...known.slice(0, 10).map((receipt) => {
      const button = el('button', { type: 'button' }, receipt);
      button.addEventListener('click', () => void look(receipt));
      return el('li', {}, button);
    }),
  );
  show('past', true);
}

async function addFiles(): Promise<void> {
  const chosen = [...(input('file').files ?? [])];
  input('file').value = '';
  notice('');
  for (const file of chosen) {
    if (draft.files.length >= limits.attachments) {
      notice(`附件至多 ${limits.attachments} 个，其余没有添加。`);
      break;
    }
    const blob = await shrink(file);
    if (blob.size > limits.attachmentBytes) notice(`“${file.name}”超过 ${limits.attachmentBytes / 2 ** 20} MB，没有添加。`);
    else draft.files.push({ name: file.name.slice(-120), blob, sha256: null });
  }
  if (draft.tried) draft.changed = true;
  listFiles();
  await save();
}

function listFiles(): void {
  byId('files').replaceChildren(
    ...draft.files.map((file, i) => {
      const remove = el('button', { type: 'button', 'aria-label': `去掉 ${file.name}` }, '去掉');
      remove.addEventListener('click', () => {
        draft.files.splice(i, 1);
        if (draft.tried) draft.changed = true;
        listFiles();
        void save();
      });
      return el('li', {}, el('span', { class: 'name' }, file.name), el('span', { class: 'quiet' }, sizeOf(file.blob.size)), remove);
    }),
  );
}

function hint(): void {
  byId('file-hint').textContent = `至多 ${limits.attachments} 个，每个不超过 ${limits.attachmentBytes / 2 ** 20} MB；大照片会自动缩小。`;
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function notice(words: string): void {
  byId('notice').textContent = words;
  show('notice', words !== '');
  if (words !== '') byId('notice').scrollIntoView({ block: 'center' });
}
