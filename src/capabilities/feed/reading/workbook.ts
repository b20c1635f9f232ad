import type { FeedShape } from '../contract.ts';
import type { Header } from './header.ts';
import { refuseFile } from './refused-file.ts';

export async function normaliseWorkbook(
  _path: string,
  _out: string,
  _shape: FeedShape,
  file: string,
): Promise<{ header: Header; formulas: { line: number; column: string; text: string }[] }> {
  refuseFile('workbook-broken', file);
}
