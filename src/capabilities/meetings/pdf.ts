import type { z } from 'zod';
import { todayOf } from '../../kernel/business-date.ts';
import { makePdf, type Pdf, printable } from '../../platform/pdf.ts';
import type { packSchema } from './contract.ts';
import type { PackKind } from './reads/pack.ts';

type Pack = z.input<typeof packSchema>;
/** What fits on one page. */
const FITS = { people: 18, said: 4 };
const TITLES: Readonly<Record<PackKind, string>> = { week: '周例会材料', day: '晨会材料' };

/** The pack on one page of A4, to be handed round. What does not fit is counted. */
export function packPdf(pack: Pack, kind: PackKind, made: { readonly by: string; readonly at: Date }): Promise<Buffer> {
  const title = `${pack.unitName} ${TITLES[kind]}`;
  return makePdf({ title, at: made.at, foot: `${made.by} · ${todayOf(made.at)} · 内部资料` }, (document) => {
    document.font('bold').fontSize(16).text(printable(title));
    document
      .font('regular')
      .fontSize(9)
      .text(`${pack.from ?? '—'} 至 ${pack.day ?? '—'}`)
      .moveDown(0.5);
    figures(document, pack);
    heading(document, '各人进度');
    table(document, [
      ['姓名', '联系（户）', '面谈（户）', '短信（条）', '逾期（户）', '销售'],
      ...pack.people
        .slice(0, FITS.people)
        .map(({ staff, talked, met, messages, overdue, soldFen }) => [
          ...[staff.name, ...[talked, met, messages, overdue].map(count)],
          wan(soldFen),
        ]),
    ]);
    more(document, pack.people.length - FITS.people, '人');
    said(document, '投诉', pack.complaints);
    said(document, '客户疑问', pack.questions);
    if (pack.minutes.length > 0) {
      heading(document, '会议纪要');
      for (const { words, by } of pack.minutes.slice(0, 2))
        document.text(printable(`${words}（${by}）`), { height: 60, ellipsis: true });
      more(document, pack.minutes.length - 2, '条');
    }
    actions(document, pack.actions);
  });
}

const count = (n: number) => n.toLocaleString('zh-CN');
const wan = (fen: number) =>
  `${(fen / 1_000_000).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} 万`;

function figures(document: Pdf, pack: Pack): void {
  const { assetsFen, assetsBeforeFen, customers, covered, opened, rose, fell, declined, soldFen } = pack;
  const grown = assetsBeforeFen === null ? '—' : wan(assetsFen - assetsBeforeFen);
  table(document, [
    ['资产', '新增资产', '客户（户）', '有人管（户）', '新开户', '升级', '降级', '谢绝', '销售'],
    [wan(assetsFen), grown, ...[customers, covered, opened, rose, fell, declined].map(count), wan(soldFen)],
  ]);
}

function heading(document: Pdf, text: string): void {
  document.moveDown(0.6).font('bold').fontSize(11).text(text).font('regular').fontSize(8).moveDown(0.2);
}

function table(document: Pdf, rows: readonly (readonly string[])[]): void {
  document.fontSize(8).table({
    defaultStyle: { border: 0.25, borderColor: '#999', padding: 2.5 },
    columnStyles: ['*' as const],
    data: rows.map((row) => row.map(printable)),
  });
  document.x = document.page.margins.left;
}

function said(document: Pdf, title: string, lines: Pack['complaints']): void {
  heading(document, title);
  if (lines.length === 0) document.text('没有。');
  for (const { on, name, customerId, note, staffName } of lines.slice(0, FITS.said))
    document.text(printable(`${on} ${name ?? ''}（${customerId}）${note}（${staffName}）`), { height: 22, ellipsis: true });
  more(document, lines.length - FITS.said, '条');
}

const STATES = { open: '未办', done: '已办', dropped: '已撤销' } as const;

function actions(document: Pdf, given: Pack['actions']): void {
  if (given.length === 0) return;
  heading(document, '会议布置');
  for (const { words, staff, dueOn, state, late } of given.slice(0, FITS.said))
    document.text(printable(`${dueOn} ${staff?.name ?? ''} ${words}（${late ? '逾期' : STATES[state]}）`), {
      height: 22,
      ellipsis: true,
    });
  more(document, given.length - FITS.said, '件');
}

function more(document: Pdf, n: number, unit: string): void {
  if (n > 0) document.fillColor('#555').text(`另有 ${n} ${unit}，见系统。`).fillColor('#000');
}
