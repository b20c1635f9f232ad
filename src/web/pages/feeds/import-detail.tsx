import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useSession } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Decide, TakeBack } from './decide.tsx';
import { Effect } from './effect.tsx';
import { StateTag } from './marks.tsx';
import { Problems } from './problems.tsx';
import type { Import } from './row.ts';

const TAKEN: ReadonlySet<string> = new Set(['accepted', 'undone']);
const MOVING: ReadonlySet<string> = new Set(['received', 'reading', 'applying']);

/** One file: where it stands, what it does, what is wrong with it; asked again twice a second while it moves. */
export function ImportDetail({ id }: { id: string }) {
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: ['feed', id],
    queryFn: async () => unwrap(await api.GET('/api/feeds/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data !== undefined && MOVING.has(query.state.data.state) ? 500 : false),
    staleTime: 0,
  });
  const state = found.data?.state;
  const before = useRef(state);
  useEffect(() => {
    // The list behind says the old state until it is asked again.
    if (before.current !== undefined && before.current !== state) void queries.invalidateQueries({ queryKey: ['feeds'] });
    before.current = state;
  }, [state, queries]);
  return <Loaded query={found}>{(record) => <Detail record={record} />}</Loaded>;
}

function Detail({ record }: { record: Import }) {
  const mayDecide = useSession().data?.permissions.includes('bank.feeds') ?? false;
  const { t } = useTranslation();
  const taken = record.effect.added !== undefined;
  return (
    <>
      <p className="import-lead" role="status">
        <StateTag state={record.state} /> <Lead record={record} />
      </p>
      {MOVING.has(record.state) && <Moving record={record} />}
      {mayDecide && record.state === 'checked' && <Decide id={record.importId} />}
      {taken && <Effect record={record} />}
      {!taken && record.options.direct && TAKEN.has(record.state) && <p className="quiet">{t('feeds.effectDirect')}</p>}
      {(record.problems.length > 0 || record.rejected > 0) && <Problems record={record} mayDecide={mayDecide} />}
      <Facts record={record} />
      {mayDecide && record.state === 'accepted' && <TakeBack record={record} />}
    </>
  );
}

function Lead({ record }: { record: Import }) {
  const { t } = useTranslation();
  const values = {
    label: t(`feeds.feed.${record.feed}`),
    rows: count(record.rows ?? 0),
    rejected: count(record.rejected),
    n: count(Math.max(record.rejected, record.problems.length)),
    at: record.undoneAt === null ? '' : instantText(record.undoneAt),
    by: record.undoneBy === 'cli' ? t('feeds.cli') : (record.undoneBy ?? ''),
  };
  if (record.state === 'checked') return t(record.rejected > 0 ? 'feeds.checkedSome' : 'feeds.checkedLead', values);
  if (record.state === 'refused') return t(values.n === '0' ? 'feeds.refusedPlain' : 'feeds.refusedLead', values);
  if (record.state === 'accepted') return t('feeds.acceptedLead', values);
  if (record.state === 'unchanged') return t('feeds.unchangedLead');
  if (record.state === 'undone') return t('feeds.undoneLead', values);
  if (record.state === 'discarded') return t('feeds.discardedLead');
  return null;
}

function Moving({ record }: { record: Import }) {
  const { t } = useTranslation();
  const { step, rows, share } = record.progress;
  const name = t(`feeds.step.${step ?? 'receive'}`);
  return (
    <div className="import-moving">
      {rows === undefined ? name : t('feeds.progressRows', { step: name, rows: count(rows) })}
      <Progress percent={Math.floor((share ?? 0) * 100)} size="small" status="active" showInfo={share !== undefined} />
    </div>
  );
}

const size = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
function sizeText(bytes: number): string {
  if (bytes >= 1_048_576) return `${size.format(bytes / 1_048_576)} MB`;
  return bytes >= 1024 ? `${size.format(bytes / 1024)} KB` : `${bytes} B`;
}

function Facts({ record }: { record: Import }) {
  const { t } = useTranslation();
  const notCounted = record.state === 'refused' ? t('feeds.rowsUnknown') : null;
  const rows = [
    ['file', record.fileName],
    ['day', record.businessDate],
    ['rows', record.rows === null ? notCounted : count(record.rows)],
    ['size', record.bytes === null ? null : sizeText(record.bytes)],
    ['sentBy', record.sentBy === 'cli' ? t('feeds.cli') : record.sentBy],
    ['sentAt', instantText(record.sentAt)],
    ['decidedAt', record.decidedAt === null ? null : instantText(record.decidedAt)],
    ['tolerance', record.options.tolerateBp === 0 ? null : `${record.options.tolerateBp / 100}%`],
    ['id', record.importId],
    ['sha', record.sha256],
  ] as const;
  return (
    <Section title={t('feeds.details')}>
      <dl className="import-facts">
        {rows.map(([key, value]) =>
          value === null ? null : (
            <div key={key}>
              <dt>{t(`feeds.detail.${key}`)}</dt>
              <dd className={key === 'sha' || key === 'id' ? 'code' : ''}>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {record.unknownColumns.length > 0 && (
        <p className="quiet">{t('feeds.unknownColumns', { columns: record.unknownColumns.join('、') })}</p>
      )}
    </Section>
  );
}
