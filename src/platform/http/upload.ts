import type { Multipart, MultipartFile } from '@fastify/multipart';
import { refuse } from '../../kernel/refusal.ts';
import type { Upload } from './route.ts';

/** Parts of a multipart request, as they arrive. */
export type Parts = AsyncIterator<Multipart>;

/** The part with a short text that may come beside the file. */
const BESIDE = 'control';
const BESIDE_BYTES = 65_536;

export const UPLOAD = 'multipart/form-data';

/** What an upload's body holds, for the API's description. */
export const UPLOAD_BODY = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary' }, [BESIDE]: { type: 'string' } },
} as const;

/**
 * Finds the file of an upload. The text beside it may stand before the file or after it; what comes after a file can
 * be read only once the file has been. Undefined when there is no file. Refuses parts that nobody asked for.
 */
export async function findUpload(parts: Parts): Promise<Upload | undefined> {
  const found: { text?: string } = {};
  const file = await nextFile(parts, found);
  if (file === undefined) return undefined;
  return {
    fileName: file.filename,
    stream: file.file,
    beside: async () => {
      const second = await nextFile(parts, found);
      if (second === undefined) return found.text;
      second.file.resume();
      return refusePart(second.fieldname);
    },
  };
}

async function nextFile(parts: Parts, found: { text?: string }): Promise<MultipartFile | undefined> {
  for (;;) {
    const { value: part, done } = await parts.next();
    if (done === true) return undefined;
    if (part.fieldname === BESIDE && found.text === undefined) found.text = await textOf(part);
    else if (part.type === 'file') return part;
    else refusePart(part.fieldname);
  }
}

async function textOf(part: Multipart): Promise<string> {
  if (part.type === 'field') {
    const text = String(part.value);
    return Buffer.byteLength(text) > BESIDE_BYTES || part.valueTruncated ? refuseSize(part.fieldname) : text;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of part.file) {
    bytes += chunk.length;
    if (bytes > BESIDE_BYTES) refuseSize(part.fieldname);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuseSize(name: string): never {
  return refuse(
    'part-too-large',
    `随文件发送的 ${name} 超过 ${BESIDE_BYTES / 1024} KB，已拒收。`,
    `The part ${name} is larger than ${BESIDE_BYTES / 1024} KB.`,
  );
}

function refusePart(name: string): never {
  const shown = name.slice(0, 40);
  return refuse(
    'part-unknown',
    `不认识请求中的“${shown}”：一次只发送一个文件，另可附一个控制文件。`,
    `The part "${shown}" is not known: send one file, and at most one control file beside it.`,
  );
}
