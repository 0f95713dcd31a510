import { AlignmentType, convertMillimetersToTwip, Document, Footer, LineRuleType, Packer, PageNumber, Paragraph, TextRun } from 'docx';
import type { Block } from './block.ts';

/**
 * Page and type of GB/T 9704-2012 (党政机关公文格式): A4, margins 37/28/35/26 mm, body 3号 (16 pt) 仿宋 at 22 lines a page, title
 * 2号 (22 pt) 小标宋, headings 黑体 / 楷体 / 仿宋. The font names are the official ones; a machine without them shows its own.
 */
const fonts = { title: '方正小标宋简体', body: '仿宋_GB2312', heading1: '黑体', heading2: '楷体_GB2312', page: '宋体' };
/** 28.95 pt, the exact line height that puts 22 lines on the page. */
const line = { line: 579, lineRule: LineRuleType.EXACT };
const twoCharacters = 640;

/** A .docx of the blocks. */
export async function buildDocx({ blocks }: { blocks: readonly Block[] }): Promise<Uint8Array> {
  const document = new Document({
    creator: '观澜',
    sections: [
      {
        properties: {
          page: {
            size: { width: convertMillimetersToTwip(210), height: convertMillimetersToTwip(297) },
            margin: { top: 2098, left: 1588, right: 1474, bottom: 1984 },
          },
        },
        footers: { default: pageNumber() },
        children: blocks.map(paragraph),
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

function paragraph(block: Block): Paragraph {
  switch (block.kind) {
    case 'title':
      return new Paragraph({
        alignment: AlignmentType.CENTER,
        spacing: { line: 680, lineRule: LineRuleType.EXACT, after: 200 },
        children: [run(block.text, fonts.title, 44)],
      });
    case 'subtitle':
      return new Paragraph({
        alignment: AlignmentType.CENTER,
        spacing: { ...line, after: 300 },
        children: [run(block.text, fonts.heading2, 32)],
      });
    case 'heading': {
      const font = block.level === 1 ? fonts.heading1 : block.level === 2 ? fonts.heading2 : fonts.body;
      return new Paragraph({
        spacing: line,
        indent: { firstLine: twoCharacters },
        keepNext: true,
        // For the navigation pane, without Word's own heading styles and their colours.
        outlineLevel: block.level - 1,
        children: [run(block.text, font, 32)],
      });
    }
    case 'paragraph':
      return new Paragraph({
        alignment: AlignmentType.BOTH,
        spacing: line,
        indent: { firstLine: twoCharacters },
        children: [run(block.text, fonts.body, 32)],
      });
    case 'cite':
      return new Paragraph({
        spacing: { ...line, line: 440, after: 80 },
        indent: { left: twoCharacters },
        children: [run(block.text, fonts.body, 24, '666666')],
      });
  }
}

function pageNumber(): Footer {
  return new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [
          new TextRun({
            children: ['— ', PageNumber.CURRENT, ' —'],
            size: 28,
            font: { ascii: fonts.page, eastAsia: fonts.page, hAnsi: fonts.page },
          }),
        ],
      }),
    ],
  });
}

/** `size` in half-points. */
function run(text: string, font: string, size: number, color?: string): TextRun {
  return new TextRun({ text: storable(text), size, font: { ascii: font, eastAsia: font, hAnsi: font }, ...(color ? { color } : {}) });
}

/** XML 1.0 cannot hold most control characters, and one of them would make the file unreadable. */
function storable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\ufffe\uffff]/gu, (c) => (c === '\t' || c === '\n' ? c : ''));
}
