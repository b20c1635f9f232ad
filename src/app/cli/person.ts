import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { IDENTITY_FIELDS } from '../../capabilities/customers/index.ts';
import { askForPerson, PURPOSES, personReport, REQUEST_KINDS, recordConsent } from '../../capabilities/personal/index.ts';
import { refuse, type Words } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = {
    zh: '客户本人的权利：查询复制、更正、撤回同意、限制、删除',
    en: 'the rights of a person: copy, correction, consent, restriction, erasure',
  };
  const person = addCommand(program, out, 'person', summary, [
    'guanhu person report C0000001 --out report.pdf --for "客户本人来网点申请"',
    'guanhu person ask C0000001 erase --for "销户已满十年，客户书面申请"',
  ]);
  const id = () => out.pick({ zh: '客户号', en: 'the customer' });
  const why = out.pick({ zh: '用途或依据，记入审计', en: 'what for, or on what ground; goes into the audit' });
  addCommand(person, out, 'report', { zh: '写出个人信息报告（PDF）', en: 'write all that is held of a person, as a PDF' }, [
    'guanhu person report C0000001 --out report.pdf --for "客户本人来网点申请"',
  ])
    .argument('<id>', id())
    .requiredOption('--out <file>', out.pick({ zh: '写到哪个 .pdf 文件', en: 'the .pdf file' }))
    .requiredOption('--for <words>', why)
    .action((customerId: string, options: { out: string; for: string }) => report(deps, customerId, options));
  addCommand(
    person,
    out,
    'consent',
    { zh: '登记同意或撤回同意，立即生效', en: 'write down a consent or its withdrawal; counts at once' },
    ['guanhu person consent C0000001 marketing withdrawn --for "客户来电"'],
  )
    .argument('<id>', id())
    .argument('<purpose>', PURPOSES.join(' | '))
    .argument('<answer>', 'given | withdrawn')
    .requiredOption('--for <words>', why)
    .action((customerId: string, purpose: string, answer: string, options: { for: string }) =>
      consent(deps, customerId, { purpose, answer, words: options.for }),
    );
  addCommand(
    person,
    out,
    'ask',
    {
      zh: '登记申请，由另一人在客户页复核；更正的内容从标准输入读',
      en: 'write down a request that somebody decides on the customer’s page; what is right is read from standard input',
    },
    [
      'guanhu person ask C0000001 restrict --for "客户书面申请"',
      'guanhu person ask C0000001 correct --field mobile --for "工单 123" < mobile.txt',
    ],
  )
    .argument('<id>', id())
    .argument('<kind>', REQUEST_KINDS.join(' | '))
    .option('--field <field>', IDENTITY_FIELDS.join(' | '))
    .requiredOption('--for <words>', why)
    .action((customerId: string, kind: string, options: { field?: string; for: string }) => ask(deps, customerId, kind, options));
}

function oneOf<T extends string>(known: readonly T[], text: string | undefined, what: Words): T {
  const found = known.find((one) => one === text);
  return (
    found ?? refuse('choice-unknown', `${what.zh}须为 ${known.join('、')}。`, `The ${what.en} is one of ${known.join(', ')}.`)
  );
}

async function report({ withPlatform, out }: Deps, customerId: string, options: { out: string; for: string }): Promise<void> {
  const bytes = await withPlatform((platform) => personReport(platform, COMMAND_LINE, { customerId, words: options.for }));
  if (bytes === undefined)
    return refuse(
      'customer-unknown',
      `没有客户号 ${customerId}：请核对后再试。`,
      `There is no customer ${customerId}: check the number.`,
    );
  writeFileSync(options.out, bytes, { mode: 0o600 });
  out.result({ customerId, file: options.out, bytes: bytes.length }, [
    out.pick({
      zh: `已写出 ${options.out}。文件含未遮蔽的个人信息，交付后请删除。`,
      en: `Wrote ${options.out}. It holds personal data unmasked: delete it once handed over.`,
    }),
  ]);
}

async function consent(
  { withPlatform, out }: Deps,
  customerId: string,
  said: { readonly purpose: string; readonly answer: string; readonly words: string },
): Promise<void> {
  const purpose = oneOf(PURPOSES, said.purpose, { zh: '用途', en: 'purpose' });
  const given = oneOf(['given', 'withdrawn'], said.answer, { zh: '答复', en: 'answer' }) === 'given';
  await withPlatform((platform) => recordConsent(platform, COMMAND_LINE, { customerId, purpose, given, words: said.words }));
  out.result({ customerId, purpose, given }, [
    out.pick({ zh: '已登记，立即生效。', en: 'Written down; it counts from now on.' }),
  ]);
}

async function ask(
  { withPlatform, out }: Deps,
  customerId: string,
  text: string,
  options: { field?: string; for: string },
): Promise<void> {
  const kind = oneOf(REQUEST_KINDS, text, { zh: '事项', en: 'kind' });
  const correction =
    kind === 'correct'
      ? { field: oneOf(IDENTITY_FIELDS, options.field, { zh: '项目', en: 'field' }), value: readFileSync(0, 'utf8').trim() }
      : {};
  if (correction.value === '')
    return refuse('value-missing', '标准输入中没有更正的内容。', 'Standard input does not say what is right.');
  const requestId = await withPlatform((platform) =>
    askForPerson(platform, COMMAND_LINE, { customerId, kind, words: options.for, ...correction }),
  );
  out.result({ customerId, kind, requestId }, [
    out.pick({
      zh: '已登记。须复核的，由另一人在客户页办理。',
      en: 'Written down. What takes a second person is decided on the customer’s page.',
    }),
  ]);
}
