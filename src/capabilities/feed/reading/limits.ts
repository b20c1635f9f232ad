/** Limits of one file (SECURITY 36). Bytes unless the name says otherwise. */
export const LIMITS = {
  fileBytes: 16 * 1024 ** 3,
  unpackedBytes: 16 * 1024 ** 3,
  /** Real tables pack 4 to 20 times; beyond this, once a first stretch is past, it is a bomb. */
  unpackedRatio: 200,
  ratioFreeBytes: 16 * 1024 ** 2,
  columns: 200,
  cellBytes: 64 * 1024,
  rowChars: 400_000,
  headerBytes: 256 * 1024,
  /** How far an opened quote is followed before it counts as never closed. */
  quotedCellChars: 32 * 1024 ** 2,
  workbookBytes: 200 * 1024 ** 2,
  workbookUnpackedBytes: 1024 ** 3,
  workbookParts: 2000,
  rejectedRowsKept: 100_000,
  problemsShown: 1000,
  idChars: 64,
  textShown: 80,
} as const;
