import { appendAudit, currentLexicon, type Db, publishLexicon, removeLexiconDraft, requestReassessment } from '@guanlan/database';
import { GuanlanError, type RuleVolume, toldBy, volumeText } from '@guanlan/domain';
import { compileLexicon, formatFault, inspectLexicon, type Lexicon, lexiconDigest } from '@guanlan/lexicon';
import { measureVolume } from './volume.ts';

export interface Publication {
  /** The whole source, its gazetteer included. */
  text: string;
  /** Why it was changed; people read it in the history. */
  note: string;
  author: string;
  now: Date;
  /** The draft that the text was, and which is done with. */
  draft?: { version: number; baseRevisionId: number };
  /** The figure that the author has seen and accepts, where it is out of proportion. */
  acceptVolume?: number | undefined;
}

export interface Published {
  id: number;
  /** Null for the first lexicon ever. */
  volume: RuleVolume | null;
}

/**
 * Puts a lexicon in force: revision, request to judge stored items anew and audit line are one commit. Returns the revision's
 * number, and what it brings. Throws `lexicon-invalid` for a text with faults, with examples that do not come out, or without the places that the
 * one in force has; `conflict` for the very text that is in force, and for a draft of an earlier one: it would undo what came between;
 * `volume-unaccepted` where it would bring more cases than its bound and than the author accepts.
 */
export async function publishRevision(db: Db, publication: Publication): Promise<Published> {
  const { text, note, author, now, draft, acceptVolume } = publication;
  const lexicon = soundLexicon(text);
  const digest = lexiconDigest(text);
  const volume = await measureVolume(db, text, now);
  return db.transaction().execute(async (tx) => {
    const before = await currentLexicon(tx);
    if (before?.digest === digest) throw new GuanlanError('conflict', `这份词库与现行的第 ${before.id} 版完全相同，没有可发布的改动。`);
    if (draft !== undefined && before !== null && draft.baseRevisionId !== before.id) throw overtaken(draft.baseRevisionId, before.id);
    if (before !== null) refuseLostPlaces(lexicon, compileLexicon(before.body));
    if (volume !== null) refuseVolume(volume, acceptVolume);
    const id = await publishLexicon(tx, { digest, body: text, note, author });
    if (draft !== undefined) await removeLexiconDraft(tx, draft.version);
    if (before !== null) await requestReassessment(tx, id, now);
    const data = { digest: digest.slice(0, 12), rules: lexicon.rules.length, note, replaces: before?.id ?? null, ...broughtBy(volume) };
    await appendAudit(tx, { at: now, actor: author, act: 'lexicon.publish', subject: `lexicon:${id}`, data });
    return { id, volume };
  });
}

function broughtBy(volume: RuleVolume | null): Record<string, number> {
  return volume === null ? {} : { alerts: volume.alerts, raised: volume.raised, usual: volume.usual };
}

/** A figure that has grown since it was accepted asks again. */
function refuseVolume(volume: RuleVolume, accepted = 0): void {
  const told = toldBy(volume);
  if (told <= Math.max(volume.bound, accepted)) return;
  throw new GuanlanError(
    'volume-unaccepted',
    `${volumeText(volume)}。超过了 ${volume.bound} 件，没有发布。请先预览、把规则写窄；确要这样发布，请写明接受 ${told} 件（命令行 --accept-volume ${told}，接口 acceptVolume）。`,
    { details: { volume } },
  );
}

function overtaken(base: number, current: number): GuanlanError {
  return new GuanlanError(
    'conflict',
    `草稿是从第 ${base} 版改起的，其间已发布第 ${current} 版，直接发布会丢掉它的改动。请看过第 ${current} 版改了什么、并入草稿后，以现行版为底再发布。`,
  );
}

/** What passes its own check and its own examples. Throws `lexicon-invalid`. */
function soundLexicon(text: string): Lexicon {
  const { lexicon, examples, failed } = inspectLexicon(text);
  // Once more for the error: it names every fault.
  if (lexicon === null) return compileLexicon(text);
  if (failed.length === 0) return lexicon;
  const lines = failed.slice(0, 20).map(({ fault }) => formatFault(fault));
  throw new GuanlanError('lexicon-invalid', `${examples} 个例子里有 ${failed.length} 个不对，没有发布：\n${lines.join('\n')}`, {
    details: { errors: failed.map(({ fault }) => fault) },
  });
}

function refuseLostPlaces(lexicon: Lexicon, before: Lexicon): void {
  if (lexicon.gazetteer.places.length > 0 || before.gazetteer.places.length === 0) return;
  throw new GuanlanError(
    'lexicon-invalid',
    `词库里没有地名表，发布后所有信息都会被当作与本县无关，没有发布。请加上 [地名] 一节：可用 lexicon export 把文件夹和地名表连成一份，或从现行版本（有 ${before.gazetteer.places.length} 个地名）改起。`,
  );
}
