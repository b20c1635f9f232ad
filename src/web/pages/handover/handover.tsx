import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Breadcrumb, Steps, Table, type TableProps } from 'antd';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, instantText, shortMoney } from '../../ui/format.ts';
import { useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Loaded } from '../../ui/states.tsx';
import { ExportButton } from '../exports/export-button.tsx';
import { Actions } from './actions.tsx';
import type { Detail } from './answer.ts';
import { Items } from './items.tsx';
import { Days, StateTag, useStarter } from './marks.tsx';
import '../customers/customers.css';
import './handover.css';

type Part = Detail['parts'][number];

/** One handover: where it stands, who takes how many, each customer, and what one may do next. */
export function HandoverPage() {
  const { id = '' } = useParams({ strict: false });
  const handover = useQuery({
    queryKey: ['handover', id],
    queryFn: async () => unwrap(await api.GET('/api/handovers/{id}', { params: { path: { id } } })),
  });
  return <Loaded query={handover}>{(data) => <HandoverOf handover={data} />}</Loaded>;
}

function HandoverOf({ handover }: { handover: Detail }) {
  const { t } = useTranslation();
  const { owner, outcomes, state } = handover;
  const carried = state === 'done' || state === 'returned';
  const answer = carried
    ? t('handover.headlineDone', { name: owner.name, n: count(outcomes.moved + outcomes.returned) })
    : t('handover.headline', { name: owner.name, n: count(handover.customers) });
  return (
    <Page answer={answer} action={<Actions handover={handover} />}>
      <Breadcrumb
        className="chips"
        items={[{ title: <Link to="/handovers">{t('handover.back')}</Link> }, { title: <Person person={owner} /> }]}
      />
      <Progress handover={handover} />
      <Section title={t('handover.facts')}>
        <Facts handover={handover} />
      </Section>
      <Section title={t('handover.parts')}>
        <Parts handover={handover} />
        {carried && (
          <p className="quiet">
            {t('handover.outcomes', {
              ...{ moved: count(outcomes.moved), stayed: count(outcomes.stayed) },
              ...{ gone: count(outcomes.gone), returned: count(outcomes.returned) },
            })}
          </p>
        )}
      </Section>
      {handover.parts.length > 0 && (
        <Section title={t('handover.items')} extra={<ExportButton of={{ kind: 'handover', subject: handover.handoverId }} />}>
          <Items handover={handover} />
        </Section>
      )}
    </Page>
  );
}

/** The steps with the one that it stands at. */
function Progress({ handover }: { handover: Detail }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { state, kind, unsigned } = handover;
  const at = { frozen: 1, split: unsigned > 0 ? 2 : 3, done: 4, withdrawn: 0, returned: 5 }[state];
  if (state === 'withdrawn') return null;
  const names = ['start', 'split', 'sign', 'approve', ...(kind === 'absence' ? (['return'] as const) : [])] as const;
  return (
    <Steps
      className="handover-steps"
      size="small"
      current={at}
      orientation={phone ? 'vertical' : 'horizontal'}
      items={names.map((name) => ({ title: t(`handover.step.${name}`) }))}
    />
  );
}

function Facts({ handover }: { handover: Detail }) {
  const { t } = useTranslation();
  const words = useWords();
  const by = (person: Detail['decidedBy'], at: string | null) => person && `${person.name} · ${instantText(at ?? '')}`;
  const { kind, state } = handover;
  const starter = useStarter();
  const rows = [
    [t('handover.column.state'), <StateTag key="state" handover={handover} />],
    [t('handover.column.kind'), words(handover.kindText)],
    [t(kind === 'absence' ? 'handover.fact.absentFrom' : 'handover.fact.on'), <Days key="on" handover={handover} />],
    [t('handover.fact.words'), handover.words],
    [t('handover.fact.started'), `${starter(handover.startedBy)} · ${instantText(handover.startedAt)}`],
    [t('handover.fact.split'), by(handover.splitBy, handover.splitAt)],
    [t('handover.fact.often'), handover.oftenWords],
    [t('handover.fact.giver'), by(handover.giverSignedBy, handover.giverSignedAt)],
    [t(state === 'withdrawn' ? 'handover.fact.withdrawn' : 'handover.fact.decided'), by(handover.decidedBy, handover.decidedAt)],
    [t('handover.fact.effective'), handover.effectiveFrom],
    [t('handover.fact.returned'), by(handover.returnedBy, handover.returnedAt)],
  ] as const;
  return (
    <dl className="facts">
      {rows.map(([name, value]) =>
        value === null ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}

function Signed({ part }: { part: Part }) {
  const { t } = useTranslation();
  if (part.to === null) return null;
  return part.signedAt === null ? (
    <span className="tag-risk">{t('handover.notSigned')}</span>
  ) : (
    <span>{instantText(part.signedAt)}</span>
  );
}

function Successor({ part }: { part: Part }) {
  const { t } = useTranslation();
  return part.to === null ? <span className="tag-risk">{t('handover.nobody')}</span> : <Person person={part.to} />;
}

function Parts({ handover }: { handover: Detail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const phone = usePhone();
  if (handover.parts.length === 0) return <p className="quiet">{t('handover.partsNone')}</p>;
  const columns: NonNullable<TableProps<Part>['columns']> = [
    { title: t('handover.part.to'), key: 'to', render: (_, part) => <Successor part={part} /> },
    { title: t('handover.part.customers'), key: 'n', width: 110, align: 'right', render: (_, part) => count(part.customers) },
    {
      title: t('handover.part.assets'),
      key: 'assets',
      width: 130,
      align: 'right',
      render: (_, part) => shortMoney(part.assetsFen, language),
    },
    { title: t('handover.part.often'), key: 'often', width: 130, align: 'right', render: (_, part) => count(part.often) },
    {
      title: t('handover.part.load'),
      key: 'load',
      width: 110,
      align: 'right',
      render: (_, part) => part.to !== null && count(part.load),
    },
    { title: t('handover.part.signed'), key: 'signed', width: 160, render: (_, part) => <Signed part={part} /> },
  ];
  if (!phone)
    return (
      <Table<Part>
        size="small"
        pagination={false}
        rowKey={(part) => part.to?.staffId ?? ''}
        dataSource={handover.parts}
        columns={columns}
      />
    );
  return (
    <ul className="plain-list">
      {handover.parts.map((part) => (
        <li key={part.to?.staffId ?? ''}>
          <Successor part={part} />
          <div className="quiet">
            {t('handover.part.customers')} {count(part.customers)} · {shortMoney(part.assetsFen, language)}
          </div>
          <div className="quiet">
            {part.to !== null && t('handover.part.signed')} <Signed part={part} />
          </div>
        </li>
      ))}
    </ul>
  );
}
