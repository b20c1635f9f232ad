import { crc32, deflateRawSync } from 'node:zlib';

export interface Part {
  readonly name: string;
  readonly data: Uint8Array;
  /** What the directory claims instead of the true size. */
  readonly claimedBytes?: number;
  /** Not deflated. */
  readonly stored?: boolean;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A ZIP archive with exactly these parts, sensible or not. */
export function zip(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimedBytes, stored } of parts) {
    const packed = stored ? data : deflateRawSync(data);
    const method = u16(stored ? 0 : 8);
    const nameBytes = Buffer.from(name);
    const sizes = [u32(crc32(data)), u32(packed.length), u32(claimedBytes ?? data.length), u16(nameBytes.length), u16(0)];
    const local = Buffer.concat([u32(0x04034b50), u16(20), u16(0), method, u32(0), ...sizes, nameBytes, packed]);
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20),
        u16(20),
        u16(0),
        method,
        u32(0),
        ...sizes,
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(offset),
        nameBytes,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = [u32(0x06054b50), u16(0), u16(0), u16(parts.length), u16(parts.length), u32(list.length), u32(offset), u16(0)];
  return Buffer.concat([...locals, list, ...end]);
}

const MAIN = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';
const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const MAIN_NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL_NS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE_NS = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** The parts of a workbook with one sheet of this XML inside `sheetData`; `types` and `extra` spoil it. */
export function workbookParts(
  sheetData: string,
  spoil: { types?: string; prolog?: string; date1904?: boolean; styles?: string; before?: string } = {},
): Part[] {
  const text = (name: string, content: string): Part => ({ name, data: Buffer.from(XML + content) });
  const styles = spoil.styles ?? '';
  return [
    text(
      '[Content_Types].xml',
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${spoil.types ?? MAIN}"/></Types>`,
    ),
    text(
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE_NS}"><Relationship Id="rId1" Type="${REL_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    text(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN_NS}" xmlns:r="${REL_NS}"><workbookPr${spoil.date1904 ? ' date1904="1"' : ''}/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    text(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE_NS}"><Relationship Id="rId1" Type="${REL_NS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL_NS}/styles" Target="styles.xml"/></Relationships>`,
    ),
    text(
      'xl/styles.xml',
      `<styleSheet xmlns="${MAIN_NS}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>${styles}</styleSheet>`,
    ),
    text(
      'xl/worksheets/sheet1.xml',
      `${spoil.prolog ?? ''}<worksheet xmlns="${MAIN_NS}">${spoil.before ?? ''}<sheetData>${sheetData}</sheetData></worksheet>`,
    ),
  ];
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A row of inline texts; a cell that begins with `<` is taken as XML. */
export function sheetRow(number: number, cells: readonly string[]): string {
  const body = cells.map((cell, i) => {
    const ref = `r="${String.fromCharCode(65 + i)}${number}"`;
    return cell.startsWith('<')
      ? cell.replace('<c', `<c ${ref}`)
      : `<c ${ref} t="inlineStr"><is><t>${escapeXml(cell)}</t></is></c>`;
  });
  return `<row r="${number}">${body.join('')}</row>`;
}
