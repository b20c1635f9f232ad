import { fileURLToPath } from 'node:url';
import { type Font, openSync } from 'fontkit';
import PDFDocument from 'pdfkit';

const FONT_FOLDER = new URL('../fonts/', import.meta.resolve('@embedpdf/fonts-sc'));
const fontFile = (name: string) => fileURLToPath(new URL(`NotoSansHans-${name}.otf`, FONT_FOLDER));
let regular: Font | undefined;

/** The font, read once: it says which characters it has. */
function font(): Font {
  if (regular !== undefined) return regular;
  const found = openSync(fontFile('Regular'));
  if (!('hasGlyphForCodePoint' in found)) throw new Error('the font package holds a collection, not a font');
  regular = found;
  return regular;
}

/** The text with each character that the font lacks as its code point, so that a rare character of a name is never just missing. */
export function printable(text: string): string {
  const all = [...text.normalize('NFC')];
  return all
    .map((char) => (isPrintable(char) ? char : `〔U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}〕`))
    .join('');
}

function isPrintable(char: string): boolean {
  return char === '\n' || font().hasGlyphForCodePoint(char.codePointAt(0) ?? 0);
}

export const PDF_MARGIN = 48;
export type Pdf = InstanceType<typeof PDFDocument>;

/** A document in Chinese on A4. The words stand at the foot of every page with its number. */
export function makePdf(
  { title, at, foot }: { readonly title: string; readonly at: Date; readonly foot: string },
  write: (document: Pdf) => void,
): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    margin: PDF_MARGIN,
    bufferPages: true,
    lang: 'zh-CN',
    font: fontFile('Regular'),
    info: { Title: title, Creator: '管户', CreationDate: at, ModDate: at },
  });
  const parts: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
  document.registerFont('regular', fontFile('Regular')).registerFont('bold', fontFile('Bold'));
  write(document);
  writeFooters(document, foot);
  document.end();
  return done;
}

function writeFooters(document: Pdf, words: string): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page);
    // Below the margin, where text would begin a new page.
    document.page.margins.bottom = 0;
    const y = document.page.height - PDF_MARGIN + 14;
    document
      .fontSize(8)
      .fillColor('#555')
      .text(printable(`${words} · 第 ${page + 1} 页，共 ${count} 页`), PDF_MARGIN, y, { lineBreak: false });
  }
}
