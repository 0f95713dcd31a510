import type { Db } from '@guanlan/database';
import { type Block, buildDocx } from '@guanlan/documents';
import { alertStateTitles, categoryInfo, minuteOf, outcomeTitles, type Span } from '@guanlan/domain';
import { eventText, overview, type Pack, periodText, readPack } from './pack.ts';

const disclaimer = '级别为内部提示，不是对外发布的预警：标“建议”的由系统按内容、传播面和增长提出，尚未经人员核定；标“核定”的已由人员核定。';

/** The weekly meeting pack as a file's bytes. */
export async function renderPack(db: Db, options: { week: string; span: Span; now: Date; format: 'docx' | 'md' }): Promise<Uint8Array> {
  const pack = await readPack(db, options);
  const blocks = packBlocks(pack);
  return options.format === 'md' ? new TextEncoder().encode(markdown(blocks)) : buildDocx({ blocks });
}

/** The pack as blocks, the same for every format. */
export function packBlocks(pack: Pack): Block[] {
  const blocks: Block[] = [
    { kind: 'title', text: '网络舆情研判会商材料' },
    { kind: 'subtitle', text: periodText(pack) },
    { kind: 'heading', level: 1, text: '一、总体态势' },
    ...overview(pack).map((text) => ({ kind: 'paragraph', text }) as const),
    { kind: 'heading', level: 1, text: '二、重点事件' },
  ];
  const some = pack.groups.filter((g) => g.count > 0);
  if (some.length === 0) blocks.push({ kind: 'paragraph', text: '本周没有涉及本县的有级别事件。' });
  for (const [index, group] of some.entries()) {
    blocks.push({ kind: 'heading', level: 2, text: `（${numerals[index] ?? index + 1}）${group.title}，${group.count} 件` });
    for (const [n, event] of group.events.entries()) {
      const { heading, facts, reasons, cites } = eventText(event);
      const categories = event.categories.map((c) => categoryInfo(c).title).join('、');
      const state =
        event.alert === null
          ? '未开预警'
          : event.alert.outcome === null
            ? alertStateTitles[event.alert.state]
            : outcomeTitles[event.alert.outcome];
      blocks.push(
        { kind: 'heading', level: 3, text: `${n + 1}. ${heading}` },
        { kind: 'paragraph', text: `${facts}；类别：${categories || '未分'}；处置：${state}。` },
        { kind: 'paragraph', text: `${reasons}。` },
        { kind: 'cite', text: cites },
      );
    }
    const more = group.count - group.events.length;
    if (more > 0) blocks.push({ kind: 'paragraph', text: `另有 ${more} 件未逐条列出，可在系统中查看。` });
  }
  blocks.push(
    { kind: 'heading', level: 1, text: '三、说明' },
    { kind: 'paragraph', text: `${disclaimer}各条后所附编号可在系统中逐条查对。生成时间 ${minuteOf(pack.at)}。` },
  );
  return blocks;
}

const numerals = ['一', '二', '三', '四'];

/** Markdown of the same blocks; characters that Markdown would read as markup are escaped. */
function markdown(blocks: readonly Block[]): string {
  const line = (block: Block): string => {
    const text = block.text.replace(/([\\`*_[\]<>|])/gu, '\\$1').replace(/\s+/gu, ' ');
    switch (block.kind) {
      case 'title':
        return `# ${text}`;
      case 'subtitle':
        return text;
      case 'heading':
        return `${'#'.repeat(block.level + 1)} ${text}`;
      case 'cite':
        return `> ${text}`;
      case 'paragraph':
        return text;
    }
  };
  return `${blocks.map(line).join('\n\n')}\n`;
}
