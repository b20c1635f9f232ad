import { FilePdfOutlined, FundProjectionScreenOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Radio, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, shortMoney, yuan } from '../../ui/format.ts';
import { useLanguage, usePhone } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { UnitSelect } from '../../ui/unit-select.tsx';
import { useCategoryName } from '../customers/category.ts';
import { ExportButton } from '../exports/export-button.tsx';
import { UnitActions } from './actions.tsx';
import { GiveTask } from './give-task.tsx';
import { Minutes } from './minutes.tsx';
import './meeting.css';

type Pack = Answer<'getMeetingPack'>;
type Member = Pack['people'][number];
type Kind = 'week' | 'day';

/** 例会: the pack of a meeting, made by itself, on screen and as one page of PDF. */
export function Meeting() {
  const { kind: asked, unit } = useSearch({ strict: false });
  const kind: Kind = asked === 'day' ? 'day' : 'week';
  const query = { kind, ...(unit === undefined ? {} : { unit }) };
  const pack = useQuery({
    queryKey: ['meeting', kind, unit],
    queryFn: async () => unwrap(await api.GET('/api/meeting', { params: { query } })),
  });
  return <Loaded query={pack}>{(data) => <PackOf pack={data} kind={kind} unit={unit} />}</Loaded>;
}

function PackOf({ pack, kind, unit }: { pack: Pack; kind: Kind; unit: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (search: { kind?: string; unit?: string | undefined }) =>
    void navigate({ to: '/meeting', search: { kind, unit, ...search } });
  return (
    <Page answer={<Headline pack={pack} kind={kind} />} action={<Actions kind={kind} unit={unit} day={pack.day} />}>
      <div className="chips">
        <Radio.Group
          optionType="button"
          value={kind}
          options={(['week', 'day'] as const).map((value) => ({ value, label: t(`meeting.kind.${value}`) }))}
          onChange={(event) => go({ kind: event.target.value === 'day' ? 'day' : 'week' })}
        />
        <UnitSelect value={unit} placeholder={t('meeting.unit')} onChange={(value) => go({ unit: value })} />
      </div>
      {pack.day === null ? (
        <Nothing>{t('meeting.noDay')}</Nothing>
      ) : (
        <>
          <Figures pack={pack} />
          <Section title={t('meeting.people')}>
            <People people={pack.people} />
          </Section>
          <div className="grid-2">
            <Said title={t('meeting.complaints')} lines={pack.complaints} none={t('meeting.complaintsNone')} />
            <Said title={t('meeting.questions')} lines={pack.questions} none={t('meeting.questionsNone')} />
          </div>
          <Interest interest={pack.interest} />
          <UnitActions items={pack.actions} />
          <Minutes pack={pack} kind={kind} unit={unit} />
        </>
      )}
    </Page>
  );
}

function Actions({ kind, unit, day }: { kind: Kind; unit: string | undefined; day: string | null }) {
  const { t } = useTranslation();
  const search = new URLSearchParams({ kind, ...(unit === undefined ? {} : { unit }) });
  return (
    <>
      <Button icon={<FilePdfOutlined />} href={`/api/meeting.pdf?${search}`} download>
        {t('meeting.pdf')}
      </Button>
      {day !== null && <ExportButton of={{ kind: 'work-log', subject: day.slice(0, 7) }} words={t('meeting.workLog')} />}
      <Link to="/board" search={{ kind, unit }} target="_blank">
        <Button icon={<FundProjectionScreenOutlined />}>{t('meeting.board')}</Button>
      </Link>
    </>
  );
}

function Headline({ pack, kind }: { pack: Pack; kind: Kind }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { unitName, day, from, assetsFen, assetsBeforeFen, people, opened } = pack;
  if (day === null) return t('meeting.answerNone');
  const grown = assetsBeforeFen === null ? null : assetsFen - assetsBeforeFen;
  const values = {
    unit: unitName,
    from,
    day,
    talked: count(people.reduce((sum, one) => sum + one.talked, 0)),
    opened: count(opened),
    grown: shortMoney(Math.abs(grown ?? 0), language),
  };
  if (grown === null) return t(`meeting.answer.${kind}`, values);
  return t(`meeting.${grown < 0 ? 'answerLess' : 'answerMore'}.${kind}`, values);
}

function Figures({ pack }: { pack: Pack }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { assetsFen, assetsBeforeFen, customers, covered, opened, rose, fell, declined } = pack;
  const overdue = pack.people.reduce((sum, one) => sum + one.overdue, 0);
  const rows = [
    ['assets', shortMoney(assetsFen, language)],
    ['grown', assetsBeforeFen === null ? '—' : shortMoney(assetsFen - assetsBeforeFen, language)],
    ['customers', count(customers)],
    ['covered', count(covered)],
    ['opened', count(opened)],
    ['rose', count(rose)],
    ['fell', count(fell)],
    ['declined', count(declined)],
    ['overdue', count(overdue)],
  ] as const;
  return (
    <dl className="figures" title={yuan(assetsFen)}>
      {rows.map(([key, value]) => (
        <div key={key}>
          <dt>{t(`meeting.figure.${key}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function People({ people }: { people: readonly Member[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const phone = usePhone();
  const number = (key: 'talked' | 'met' | 'messages' | 'overdue') => ({
    title: t(`meeting.column.${key}`),
    key,
    align: 'right' as const,
    render: (_: unknown, row: Member) => count(row[key]),
  });
  if (people.length === 0) return <Nothing>{t('meeting.peopleNone')}</Nothing>;
  return (
    <Table<Member>
      size="small"
      pagination={false}
      rowKey={(row) => row.staff.staffId}
      dataSource={[...people]}
      columns={[
        { title: t('meeting.column.who'), key: 'who', render: (_, row) => <Person person={row.staff} /> },
        number('talked'),
        number('met'),
        ...(phone ? [] : [number('messages')]),
        number('overdue'),
        {
          ...{ title: t('meeting.column.sold'), key: 'sold', align: 'right' as const },
          render: (_, row) => shortMoney(row.soldFen, language),
        },
      ]}
    />
  );
}

function Said({ title, lines, none }: { title: string; lines: Pack['complaints']; none: string }) {
  return (
    <Section title={title}>
      {lines.length === 0 && <p className="quiet">{none}</p>}
      <ul className="plain-list">
        {lines.map(({ customerId, name, on, note, staffName }) => (
          <li key={`${customerId} ${on} ${note}`} className="said">
            <div>
              {on}{' '}
              <Link to="/customers/$id" params={{ id: customerId }}>
                {name ?? customerId}
              </Link>{' '}
              <span className="quiet">{staffName}</span>
            </div>
            <div>{note}</div>
            <GiveTask customerId={customerId} name={name ?? customerId} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Interest({ interest }: { interest: Pack['interest'] }) {
  const { t } = useTranslation();
  const categoryName = useCategoryName();
  if (interest.length === 0) return null;
  return (
    <Section title={t('meeting.interest')}>
      {interest
        .map(({ category, customers }) => t('meeting.interestOf', { kind: categoryName(category), n: count(customers) }))
        .join(' · ')}
    </Section>
  );
}
