import { inflateRawSync } from 'node:zlib';

const [ENTRY, LOCAL_NAME, LOCAL_EXTRA, LOCAL_HEADER] = [0x02014b50, 26, 28, 30];

/** Everything in a workbook as one text, whatever part it stands in. */
export function bytesOfZip(data: Buffer): string {
  let text = '';
  for (let at = data.indexOf('PK\u0001\u0002'); at >= 0 && at + 46 <= data.length && data.readUInt32LE(at) === ENTRY; ) {
    const [method, packed, local] = [data.readUInt16LE(at + 10), data.readUInt32LE(at + 20), data.readUInt32LE(at + 42)];
    const start = local + LOCAL_HEADER + data.readUInt16LE(local + LOCAL_NAME) + data.readUInt16LE(local + LOCAL_EXTRA);
    const part = data.subarray(start, start + packed);
    text += (method === 0 ? part : inflateRawSync(part)).toString('utf8');
    at += 46 + data.readUInt16LE(at + 28) + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  return text;
}
