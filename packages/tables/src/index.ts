export { cellOf, type Field, fieldOf, fieldTitles, mapColumns } from './columns.ts';
export { writeCsvRow } from './csv.ts';
export { type Row, tableLimits } from './row.ts';
export { type ReadOptions, readTable, type Table } from './table.ts';
