import { strToU8, zipSync } from 'fflate';

/** A cell as a program may write it; a text stands inline. */
export type Cell =
  | string
  | number
  | boolean
  | { shared: string }
  | { rich: string[] }
  | { serial: number }
  | { formula: string; value: string }
  | { error: string };

interface Sheet {
  name: string;
  rows: readonly Cell[][];
  hidden?: boolean;
  /** White space after the rows, in bytes. */
  padding?: number;
  doctype?: string;
  /** Put into the first cell's inline text as it is. */
  raw?: string;
}

/** A small workbook as tests want it, by hand, so that what is odd in it is there on purpose. */
export function workbook(sheets: readonly Sheet[]): Uint8Array {
  const shared: string[] = [];
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = (list: [string, string, string][]) =>
    `<Relationships>${list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`;
  const cell = (value: Cell, reference: string): string => {
    if (typeof value === 'string') return `<c r="${reference}" t="inlineStr"><is><t>${value}</t></is></c>`;
    if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
    if (typeof value === 'boolean') return `<c r="${reference}" t="b"><v>${Number(value)}</v></c>`;
    if ('shared' in value) return `<c r="${reference}" t="s"><v>${shared.push(`<si><t>${value.shared}</t></si>`) - 1}</v></c>`;
    if ('rich' in value) {
      const runs = value.rich.map((run) => `<r><t>${run}</t></r>`).join('');
      return `<c r="${reference}" t="s"><v>${shared.push(`<si>${runs}<rPh sb="0" eb="1"><t>hen</t></rPh></si>`) - 1}</v></c>`;
    }
    if ('serial' in value) return `<c r="${reference}" s="1"><v>${value.serial}</v></c>`;
    if ('error' in value) return `<c r="${reference}" t="e"><v>${value.error}</v></c>`;
    return `<c r="${reference}" t="str"><f>${value.formula}</f><v>${value.value}</v></c>`;
  };
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relations([['r1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets
      .map((sheet, i) => `<sheet name="${sheet.name}" sheetId="${i + 1}" r:id="s${i}"${sheet.hidden ? ' state="hidden"' : ''}/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, i): [string, string, string] => [`s${i}`, 'worksheet', `worksheets/sheet${i}.xml`]),
      ['t', 'sharedStrings', 'sharedStrings.xml'],
      ['f', 'styles', '/xl/styles.xml'],
    ]),
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
  };
  for (const [i, { rows, padding = 0, doctype = '', raw }] of sheets.entries()) {
    const lines = rows.map((row, y) => {
      const cells = row.map((value, x) => cell(value, `${String.fromCharCode(65 + x)}${y + 1}`)).join('');
      return `<row r="${y + 1}">${cells}${raw === undefined ? '' : `<c r="Z${y + 1}" t="inlineStr"><is>${raw}</is></c>`}</row>`;
    });
    parts[`xl/worksheets/sheet${i}.xml`] =
      `<?xml version="1.0"?>${doctype}<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData>${' '.repeat(padding)}</worksheet>`;
  }
  parts['xl/sharedStrings.xml'] = `<sst xmlns="${main}">${shared.join('')}</sst>`;
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}
