import { fileURLToPath } from 'node:url';
import { type Font, openSync } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { Report, Section } from './reads/report.ts';
import { timeText } from './rules/show.ts';

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

/** More columns than this do not fit beside each other: then each row is a paragraph. */
const MOST_BESIDE = 4;
const MARGIN = 48;

/** What is held of a person as a document to hand to them. Who had it made, and when, stands on every page. */
export function reportPdf(report: Report, made: { readonly by: string; readonly at: Date }): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: 'zh-CN',
    font: fontFile('Regular'),
    info: { Title: '个人信息报告', Creator: '管户', CreationDate: made.at, ModDate: made.at },
  });
  const parts: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
  document.registerFont('regular', fontFile('Regular')).registerFont('bold', fontFile('Bold'));
  writeTitle(document, report, made.at);
  for (const section of report.sections) writeSection(document, section);
  writeFooters(document, `${made.by} · ${timeText(made.at)}`);
  document.end();
  return done;
}

type Pdf = InstanceType<typeof PDFDocument>;

function writeTitle(document: Pdf, report: Report, at: Date): void {
  document.font('bold').fontSize(18).text('个人信息报告');
  document.font('regular').fontSize(10).moveDown(0.5);
  document.text(printable(`${report.name}（客户号 ${report.customerId}）`));
  document.text(`截至 ${timeText(at)}，本行客户关系管理系统（管户）中与您有关的全部信息，以及谁看过、谁动过这些信息。`);
  document.text('字体没有收录的字以其统一码编号表示，如〔U+20BB7〕。');
}

function writeSection(document: Pdf, section: Section): void {
  document.moveDown(1);
  if (document.y > document.page.height - 2 * MARGIN - 60) document.addPage();
  document.font('bold').fontSize(13).text(printable(section.title), MARGIN);
  document.font('regular').fontSize(8).fillColor('#555').text(printable(section.words)).fillColor('#000').moveDown(0.3);
  document.fontSize(9);
  if (section.headings.length <= MOST_BESIDE) writeTable(document, section);
  else for (const [i, row] of section.rows.entries()) writeRow(document, i + 1, section.headings, row);
}

function writeTable(document: Pdf, { headings, rows }: Section): void {
  const columnStyles = headings.length === 2 ? [110, '*' as const] : ['*' as const];
  document.table({
    defaultStyle: { border: 0.25, borderColor: '#999', padding: 3 },
    columnStyles,
    data: [headings, ...rows].map((row) => row.map(printable)),
  });
  document.x = MARGIN;
}

function writeRow(document: Pdf, number: number, headings: readonly string[], row: readonly string[]): void {
  const said = headings.flatMap((heading, i) => (row[i] === undefined || row[i] === '—' ? [] : [`${heading}：${row[i]}`]));
  document.text(printable(`${number}. ${said.join('；')}`), MARGIN, undefined, { indent: 0, paragraphGap: 2 });
}

function writeFooters(document: Pdf, words: string): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page);
    // Below the margin, where text would begin a new page.
    document.page.margins.bottom = 0;
    const y = document.page.height - MARGIN + 14;
    document
      .fontSize(8)
      .fillColor('#555')
      .text(printable(`${words} · 第 ${page + 1} 页，共 ${count} 页`), MARGIN, y, { lineBreak: false });
  }
}
