import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { App, Button, DatePicker, Form, Input, Radio } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, dayText, instantText, yuan } from '../../ui/format.ts';
import { useErrorText, useLanguage, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { StaffSelect } from '../../ui/staff-select.tsx';
import { Loaded } from '../../ui/states.tsx';
import { ExportButton } from '../exports/export-button.tsx';

type Log = Answer<'getWorkLog'>;
type Kind = Log['words'][number]['kind'];
const KINDS: readonly Kind[] = ['suggestion', 'reflection', 'memo'];

/** 工作日志 [S0]: a day as it was recorded anyway, and one's own words. */
export function WorkLog({ leads, newest }: { leads: boolean; newest: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { on: asked, staff } = useSearch({ strict: false });
  const on = asked ?? newest;
  const log = useQuery({
    queryKey: ['ledgers', 'log', on, staff],
    queryFn: async () =>
      unwrap(await api.GET('/api/ledgers/work-log', { params: { query: { on, ...(staff === undefined ? {} : { staff }) } } })),
  });
  const go = (wanted: { on?: string | undefined; staff?: string | undefined }) =>
    void navigate({ to: '/ledgers', search: { tab: 'log', on, staff, ...wanted } });
  const step = (days: number) => go({ on: dayjs(on).add(days, 'day').format('YYYY-MM-DD') });
  return (
    <>
      <div className="log-day">
        <Button aria-label={t('ledgers.prevDay')} icon={<LeftOutlined />} onClick={() => step(-1)} />
        <DatePicker
          aria-label={t('ledgers.column.on')}
          allowClear={false}
          inputReadOnly
          value={dayjs(on)}
          onChange={(day) => go({ on: day?.format('YYYY-MM-DD') })}
        />
        <Button aria-label={t('ledgers.nextDay')} icon={<RightOutlined />} onClick={() => step(1)} />
        {leads && (
          <div className="rule-select">
            <StaffSelect
              label={t('ledgers.someone')}
              {...(staff === undefined ? {} : { value: staff })}
              onChange={(chosen) => go({ staff: chosen })}
            />
          </div>
        )}
      </div>
      <Loaded query={log}>{(data) => <Day log={data} />}</Loaded>
    </>
  );
}

function Day({ log }: { log: Log }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const values = {
    ...{ day: dayText(log.on, language), contacts: count(log.contacts.length) },
    ...{ appointments: count(log.appointments.length), sales: count(log.sales.length) },
  };
  return (
    <Page
      answer={t('ledgers.logAnswer', values)}
      action={<ExportButton of={{ kind: 'work-log', subject: log.on.slice(0, 7) }} words={t('ledgers.print')} />}
    >
      <div className="grid-2">
        <Part title={t('ledgers.logContacts')} empty={log.contacts.length === 0}>
          {log.contacts.map((one) => (
            <Line key={one.contactId} of={one}>
              {words(one.way)} · {words(one.outcome)} {one.note}
            </Line>
          ))}
        </Part>
        <Part title={t('ledgers.logAppointments')} empty={log.appointments.length === 0}>
          {log.appointments.map((one) => (
            <Line key={one.appointmentId} of={one}>
              {instantText(one.at).slice(11)} {one.words} <AppointmentState state={one.state} />
            </Line>
          ))}
        </Part>
        <Part title={t('ledgers.logSales')} empty={log.sales.length === 0}>
          {log.sales.map((one) => (
            <Line key={one.saleId} of={one}>
              {one.product.name} {yuan(one.amountFen)}
            </Line>
          ))}
        </Part>
        <OwnWords log={log} />
      </div>
    </Page>
  );
}

function AppointmentState({ state }: { state: string }) {
  const { t } = useTranslation();
  const known = (['planned', 'kept', 'missed'] as const).find((one) => one === state);
  return known === undefined ? null : <span className="quiet">{t(`ledgers.appointmentState.${known}`)}</span>;
}

function Part({ title, empty, children }: { title: string; empty: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Section title={title}>
      {empty ? <p className="quiet">{t('ledgers.logNothing')}</p> : <ul className="plain-list">{children}</ul>}
    </Section>
  );
}

function Line({ of, children }: { of: { customerId: string; name: string | null }; children: ReactNode }) {
  return (
    <li>
      {of.name === null ? (
        <span className="quiet">{of.customerId}</span>
      ) : (
        <Link to="/customers/$id" params={{ id: of.customerId }}>
          {of.name} {of.customerId}
        </Link>
      )}{' '}
      {children}
    </li>
  );
}

/** 建议、感悟、备忘: what nobody else could write down. */
function OwnWords({ log }: { log: Log }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const takeBack = useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.POST('/api/ledgers/work-log/{id}/reverse', { params: { path: { id } }, body: {} })),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries({ queryKey: ['ledgers', 'log'] }),
  });
  return (
    <Section title={t('ledgers.logWords')}>
      {log.words.length === 0 && <p className="quiet">{t('ledgers.logNothing')}</p>}
      <ul className="plain-list">
        {log.words.map((one) => (
          <li key={one.entryId}>
            <strong>{t(`ledgers.logKind.${one.kind}`)}</strong> {one.words}{' '}
            {one.may.includes('reverse') && (
              <Button type="link" size="small" onClick={() => takeBack.mutate(one.entryId)}>
                {t('ledgers.logTakeBack')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {log.may.includes('write') && <Write on={log.on} />}
    </Section>
  );
}

interface Draft {
  readonly kind: Kind;
  readonly words: string;
}

function Write({ on }: { on: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const entryId = useRef(crypto.randomUUID());
  const write = useMutation({
    mutationFn: async (draft: Draft) =>
      unwrap(await api.POST('/api/ledgers/work-log', { body: { entryId: entryId.current, on, ...draft } })),
    onSuccess: async () => {
      entryId.current = crypto.randomUUID();
      form.resetFields();
      await queries.invalidateQueries({ queryKey: ['ledgers', 'log'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Form
      form={form}
      name="log"
      layout="vertical"
      initialValues={{ kind: 'suggestion' }}
      onFinish={(draft) => write.mutate(draft)}
    >
      <p className="quiet small">{t('ledgers.logHint')}</p>
      <Form.Item name="kind">
        <Radio.Group
          className="choices"
          optionType="button"
          options={KINDS.map((value) => ({ value, label: t(`ledgers.logKind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="words" rules={[{ required: true, whitespace: true, message: t('ledgers.logMissing') }]}>
        <Input.TextArea aria-label={t('ledgers.logWords')} rows={3} maxLength={1000} showCount />
      </Form.Item>
      <Button htmlType="submit" type="primary" loading={write.isPending}>
        {t('ledgers.logWrite')}
      </Button>
    </Form>
  );
}
