import { makePdf, PDF_MARGIN, type Pdf, printable } from '../../platform/pdf.ts';
import type { Report, Section } from './reads/report.ts';
import { timeText } from './rules/show.ts';

/** More columns than this do not fit beside each other: then each row is a paragraph. */
const MOST_BESIDE = 4;

/** What is held of a person as a document to hand to them. Who had it made, and when, stands on every page. */
export function reportPdf(report: Report, made: { readonly by: string; readonly at: Date }): Promise<Buffer> {
  const foot = `${made.by} · ${timeText(made.at)}`;
  return makePdf({ title: '个人信息报告', at: made.at, foot }, (document) => {
    writeTitle(document, report, made.at);
    for (const section of report.sections) writeSection(document, section);
  });
}

function writeTitle(document: Pdf, report: Report, at: Date): void {
  document.font('bold').fontSize(18).text('个人信息报告');
  document.font('regular').fontSize(10).moveDown(0.5);
  document.text(printable(`${report.name}（客户号 ${report.customerId}）`));
  document.text(`截至 ${timeText(at)}，本行客户关系管理系统（管户）中与您有关的全部信息，以及谁看过、谁动过这些信息。`);
  document.text('字体没有收录的字以其统一码编号表示，如〔U+20BB7〕。');
}

function writeSection(document: Pdf, section: Section): void {
  document.moveDown(1);
  if (document.y > document.page.height - 2 * PDF_MARGIN - 60) document.addPage();
  document.font('bold').fontSize(13).text(printable(section.title), PDF_MARGIN);
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
  document.x = PDF_MARGIN;
}

function writeRow(document: Pdf, number: number, headings: readonly string[], row: readonly string[]): void {
  const said = headings.flatMap((heading, i) => (row[i] === undefined || row[i] === '—' ? [] : [`${heading}：${row[i]}`]));
  document.text(printable(`${number}. ${said.join('；')}`), PDF_MARGIN, undefined, { indent: 0, paragraphGap: 2 });
}
