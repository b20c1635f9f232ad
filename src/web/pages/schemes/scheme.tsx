import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { Trans, useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useSession, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Backtest } from './backtest.tsx';
import { Findings } from './findings.tsx';
import { dueOf, type Histogram } from './ladder.ts';
import { LadderDesk } from './ladder-desk.tsx';
import './schemes.css';
import { readLadder } from './source.ts';
import { useMeasureName } from './words.tsx';

type Detail = Answer<'getScheme'>;

/** One version of a scheme: what it does today, and what it would do otherwise. */
export function SchemePage() {
  const { id = '' } = useParams({ strict: false });
  const params = { params: { path: { id } } };
  const detail = useQuery({
    queryKey: ['scheme', id],
    queryFn: async () => unwrap(await api.GET('/api/schemes/{id}', params)),
  });
  const histogram = useQuery({
    queryKey: ['histogram', id],
    queryFn: async () => unwrap(await api.GET('/api/schemes/{id}/histogram', params)),
    staleTime: 300_000,
  });
  return (
    <Loaded query={detail}>
      {(scheme) => (
        <Loaded query={histogram}>{(bins) => <SchemeOf key={scheme.schemeId} scheme={scheme} histogram={bins} />}</Loaded>
      )}
    </Loaded>
  );
}

function SchemeOf({ scheme, histogram }: { scheme: Detail; histogram: Histogram }) {
  const { t } = useTranslation();
  const words = useWords();
  const measureName = useMeasureName();
  const saved = readLadder(scheme);
  const short = scheme.findings.filter((finding) => finding.code === 'staff-short').length;
  return (
    <Page
      answer={
        <>
          {t('schemes.answer', {
            title: words(scheme.title),
            version: scheme.version,
            state: t(`schemes.state.${scheme.state}`),
            bands: scheme.bands.length,
            due: count(dueOf(saved, histogram.bins)),
          })}
          {short > 0 ? (
            <Trans
              i18nKey="schemes.short"
              values={{ n: count(short) }}
              components={{ short: <Link to="/schemes/$id" params={{ id: scheme.schemeId }} hash="findings" /> }}
            />
          ) : (
            t('schemes.enough')
          )}
        </>
      }
      action={<Actions scheme={scheme} />}
    >
      <p className="quiet lead">
        {t('schemes.lead', {
          measure: measureName(scheme.measure),
          grace: scheme.graceMonths,
          date: histogram.businessDate,
        })}
      </p>
      <LadderDesk scheme={scheme} saved={saved} histogram={histogram} />
      <div className="grid-2">
        <div id="findings">
          <Section title={t('schemes.findings')}>
            <Findings findings={scheme.findings} />
          </Section>
        </div>
        <Backtest schemeId={scheme.schemeId} graceMonths={scheme.graceMonths} />
      </div>
      <Section title={t('schemes.source')}>
        <details>
          <summary>{t('schemes.sourceShow')}</summary>
          <pre className="source">{scheme.source}</pre>
        </details>
      </Section>
    </Page>
  );
}

function Actions({ scheme }: { scheme: Detail }) {
  const { t } = useTranslation();
  const words = useWords();
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const permitted = useSession().data?.permissions.includes('bank.schemes') ?? false;
  const list = useQuery({ queryKey: ['schemes'], queryFn: async () => unwrap(await api.GET('/api/schemes')).items });
  const active = list.data?.find((item) => item.state === 'active' && item.schemeId !== scheme.schemeId);
  const activate = useMutation({
    mutationFn: async () =>
      unwrap(await api.POST('/api/schemes/{id}/activate', { params: { path: { id: scheme.schemeId } }, body: {} })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      void message.success(t('schemes.activated'));
    },
    onError: (error) => void message.error(errorText(error).text),
  });
  if (!permitted) return null;
  const ask = () =>
    modal.confirm({
      title: t('schemes.activateTitle', { title: words(scheme.title), version: scheme.version }),
      content: t('schemes.activateText'),
      okText: t('schemes.activate'),
      cancelText: t('cancel'),
      onOk: () => activate.mutateAsync().catch(() => undefined),
    });
  return (
    <>
      {active !== undefined && (
        <Link to="/schemes/compare" search={{ a: active.schemeId, b: scheme.schemeId }}>
          <Button>{t('schemes.compare')}</Button>
        </Link>
      )}
      {scheme.state === 'draft' && (
        <Button type="primary" loading={activate.isPending} onClick={ask}>
          {t('schemes.activate')}
        </Button>
      )}
    </>
  );
}
