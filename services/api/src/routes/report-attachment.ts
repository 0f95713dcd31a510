import { attachmentParams, attachmentView } from '@guanlan/contracts';
import { addAttachment, appendAudit, countLooseAttachments, dropLooseAttachments, getDirectReport } from '@guanlan/database';
import { attachmentTypes, GuanlanError, reportLimits } from '@guanlan/domain';
import { z } from 'zod';
import { recognise } from '../attachment/recognise.ts';
import { type AttachmentStore, createAttachmentStore } from '../attachment/store.ts';
import { strip } from '../attachment/strip.ts';
import { actorIn, unitIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { receiptFrom } from '../report.ts';
import { unitRate } from './report.ts';

/** Files that a unit sent and no report names: so many at once, and so long. */
const looseLimit = 60;
const looseMs = 7 * 86_400_000;
const tidyMs = 3_600_000;

const anyBytes = z.unknown().meta({ type: 'string', format: 'binary' });

export function addReportAttachmentRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock, attachmentsDir } = context;
  const store = attachmentsDir === null ? null : createAttachmentStore(attachmentsDir);
  const tidy = tidier(context, store);

  app.post(
    '/api/v1/report-attachments',
    {
      bodyLimit: reportLimits.attachmentBytes,
      config: { permission: 'report', rateLimit: unitRate(40) },
      schema: {
        summary: '传一个附件（jpg、png、webp、pdf、mp4，至多 10 MB），再在直报中用 sha256 指明',
        tags: ['report'],
        security: [{ unit: [] }],
        consumes: ['application/octet-stream'],
        body: anyBytes,
        response: { 201: attachmentView, default: problemResponse },
      },
    },
    async (request, reply) => {
      const unit = unitIn(request);
      if (store === null) throw new GuanlanError('conflict', '这个服务没有存放附件的文件夹，请不带附件上报。');
      const bytes = request.body;
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        throw new GuanlanError('bad-input', '没有收到文件内容，应为 application/octet-stream。');
      const mediaType = recognise(bytes);
      if (mediaType === null)
        throw new GuanlanError('bad-input', '附件只收 jpg、png、webp 图片、pdf 和 mp4 视频；这个文件不是（看内容，不看扩展名）。');
      const clean = strip(bytes, mediaType);
      if (clean === null) throw new GuanlanError('bad-input', '这个文件已损坏，请重新拍摄或导出后再添加。');
      await tidy();
      if ((await countLooseAttachments(db, unit.id)) >= looseLimit) {
        throw new GuanlanError('too-many-requests', `本单位已有 ${looseLimit} 个附件传来而没有上报，请先提交上报。`);
      }
      const file = { sha256: await store.write(clean), mediaType, bytes: clean.length };
      await addAttachment(db, unit.id, file, clock.now());
      reply.code(201);
      return file;
    },
  );

  app.get(
    '/api/v1/reports/:receipt/attachments/:position',
    {
      config: { permission: 'read' },
      schema: {
        summary: '取一个附件；只给登录的人，记入审计',
        tags: ['report'],
        security: [{ session: [] }],
        params: attachmentParams,
        response: { 200: { description: '文件', content: { 'application/octet-stream': { schema: anyBytes } } }, default: problemResponse },
      },
    },
    async (request, reply) => {
      const actor = actorIn(request);
      if (actor.kind !== 'account') throw new GuanlanError('forbidden', '附件只给登录的工作人员查看。');
      const receipt = receiptFrom(request.params.receipt);
      const report = await getDirectReport(db, receipt);
      const file = report?.attachments.find(({ position }) => position === request.params.position);
      if (!file || store === null) throw new GuanlanError('not-found', '没有这个附件。');
      const bytes = await store.read(file.sha256);
      await appendAudit(db, {
        ...{ at: clock.now(), actor: actor.name, act: 'report.open-attachment', subject: `report:${receipt}` },
        data: { position: file.position, sha256: file.sha256 },
      });
      const name = `${receipt}-${file.position}.${attachmentTypes[file.mediaType]}`;
      return reply
        .type(file.mediaType)
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(bytes);
    },
  );
}

/** Now and then removes files that nobody filed. A file is dropped from the table first: one left over costs room, a missing one a report. */
function tidier({ db, clock, logger }: ApiContext, store: AttachmentStore | null): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (store === null || now.getTime() - last < tidyMs) return;
    last = now.getTime();
    const dropped = await dropLooseAttachments(db, new Date(now.getTime() - looseMs));
    for (const sha256 of dropped) await store.remove(sha256);
    if (dropped.length > 0) logger.info({ files: dropped.length }, 'files that no report names were removed');
  };
}
