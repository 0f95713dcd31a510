import { strToU8, zipSync } from 'fflate';

/** A hotline's export as XLSX: a title, a header, and `rows` work orders of which every `badEvery`-th has a time nobody can read. */
export function hotlineWorkbook(rows: number, badEvery: number): Uint8Array {
  const lines: string[] = [];
  const row = (number: number, cells: readonly string[]) => `<row r="${number}">${cells.join('')}</row>`;
  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  lines.push(row(1, [text('12345热线工单汇总')]));
  lines.push(row(2, ['工单编号', '诉求标题', '诉求内容', '受理时间', '所属乡镇', '诉求类别', '来电人'].map(text)));
  for (let i = 1; i <= rows; i += 1) {
    const time = i % badEvery === 0 ? text('择日') : `<c s="1"><v>${46_000 + i / 100_000}</v></c>`;
    const what = `第${i}号：${i % 7 === 0 ? '路面塌陷' : '小区停水'}`;
    lines.push(
      row(i + 2, [
        ...[text(`GD2026${String(i).padStart(8, '0')}`), text(what), text(`${'群众反映'.repeat(20)}${i}，电话13800138000`), time],
        ...[text('巨鹿镇'), `<c t="s"><v>${i % 2}</v></c>`, text('某某')],
      ]),
    );
  }
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = (list: [string, string, string][]) =>
    `<Relationships>${list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`;
  const parts = {
    '_rels/.rels': relations([['r', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns:r="${office}"><sheets><sheet name="工单" sheetId="1" r:id="s"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ['s', 'worksheet', 'worksheets/sheet1.xml'],
      ['t', 'sharedStrings', 'sharedStrings.xml'],
      ['f', 'styles', 'styles.xml'],
    ]),
    'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml': '<sst><si><t>城建</t></si><si><t>供水</t></si></sst>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${lines.join('')}</sheetData></worksheet>`,
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, body]) => [name, strToU8(body)])), { level: 1 });
}
