/** One row under the header. A row with a `fault` (Chinese, one clause) could not be read as a row; its cells are what there was. */
export interface Row {
  /** Number of its first line in the file, or its row in the sheet; 1 is the first. */
  line: number;
  /** As many as there are columns; empty text where there is nothing. */
  cells: string[];
  fault: string | null;
}

/** Bounds; what exceeds one is refused with `parse-limit`, or, for a single row, handed on as a row with a fault. */
export const tableLimits = {
  /** Of the file, in bytes. */
  fileBytes: 300 * 2 ** 20,
  /** Of one row, in UTF-16 units. */
  rowLength: 1_000_000,
  columns: 500,
  /** Of one unpacked part of a workbook, in bytes. */
  partBytes: 2 ** 30,
  /** Unpacked to packed, of a part that unpacks to more than {@link tableLimits.ratioFrom} bytes. Real sheets have 5 to 60. */
  ratio: 200,
  ratioFrom: 16 * 2 ** 20,
  /** Of a workbook's shared texts together, in UTF-16 units: all that is ever held in memory at once. */
  sharedLength: 64 * 2 ** 20,
};
