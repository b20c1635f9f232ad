import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Loaded, Nothing } from '../../ui/states.tsx';

type Locks = Answer<'listLockPeriods'>;
type Period = Locks['periods'][number];
type Step = Period['may'][number];

export function useLocks() {
  return useQuery({ queryKey: ['lock-periods'], queryFn: async () => unwrap(await api.GET('/api/lock-periods')) });
}

/** Periods in which portfolios are locked: who set them, how they end early, and what one may do about them. */
export function LockPeriods() {
  const { t } = useTranslation();
  const [setting, setSetting] = useState(false);
  return (
    <Loaded query={useLocks()}>
      {({ now, maySet, periods }) => (
        <>
          <div className="lock-head">
            <span>{now === null ? t('transfers.locks.open') : t('transfers.locks.now', { ...now })}</span>
            {maySet && <Button onClick={() => setSetting(true)}>{t('transfers.locks.set')}</Button>}
          </div>
          {periods.length === 0 && <Nothing>{t('transfers.locks.empty')}</Nothing>}
          <ul className="plain-list">
            {periods.map((period) => (
              <li key={period.lockId}>
                <PeriodLine period={period} on={period.name === now?.name && period.from === now.from} />
              </li>
            ))}
          </ul>
          {setting && <SetLock close={() => setSetting(false)} />}
        </>
      )}
    </Loaded>
  );
}

function PeriodLine({ period, on }: { period: Period; on: boolean }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Step>();
  const { from, to, name, setBy, liftAskedBy, liftWords, liftedBy } = period;
  return (
    <div className="lock-line">
      <div>
        <strong>{name}</strong> {from} – {to} {on && <Tag color="blue">{t('transfers.locks.on')}</Tag>}
        <div className="quiet small">
          {t('transfers.locks.setBy')} {setBy}
          {liftedBy !== null && ` · ${t('transfers.locks.lifted', { who: liftedBy })}`}
          {liftedBy === null &&
            liftAskedBy !== null &&
            ` · ${t('transfers.locks.asked', { who: liftAskedBy, words: liftWords ?? '' })}`}
        </div>
      </div>
      <div className="lock-steps">
        {period.may.map((step) => (
          <Button key={step} type={step === 'confirm' ? 'primary' : 'default'} onClick={() => setAsked(step)}>
            {t(`transfers.locks.${step}`)}
          </Button>
        ))}
      </div>
      {asked !== undefined && <Lift lockId={period.lockId} step={asked} close={() => setAsked(undefined)} />}
    </div>
  );
}

/** Sends a change of the periods; afterwards everything that hangs on them is read anew. */
function useLockChange<T>(send: (wish: T) => Promise<unknown>, done: string, close: () => void) {
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      void message.success(done);
      close();
    },
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries(),
  });
}

function Lift({ lockId, step, close }: { lockId: string; step: Step; close: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const lift = useLockChange(
    async () =>
      unwrap(
        await api.POST('/api/lock-periods/{id}/lift', {
          params: { path: { id: lockId } },
          body: step === 'ask' ? { step, words: words.trim() } : { step },
        }),
      ),
    t(`transfers.locks.stepped.${step}`),
    close,
  );
  return (
    <Modal
      open
      title={t(`transfers.locks.${step}Title`)}
      okText={t(`transfers.locks.${step}`)}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: step === 'ask' && words.trim() === '' }}
      confirmLoading={lift.isPending}
      onCancel={close}
      onOk={() => lift.mutate(undefined)}
      width={440}
    >
      {step !== 'keep' && <p>{t(`transfers.locks.${step}Text`)}</p>}
      {step === 'ask' && (
        <Input.TextArea
          aria-label={t('transfers.locks.askWords')}
          placeholder={t('transfers.locks.askWords')}
          maxLength={500}
          rows={3}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
    </Modal>
  );
}

interface Wish {
  readonly name: string;
  readonly days: readonly [Dayjs, Dayjs];
}

function SetLock({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Wish>();
  const set = useLockChange(
    async ({ name, days: [from, to] }: Wish) =>
      unwrap(
        await api.POST('/api/lock-periods', { body: { name, from: from.format('YYYY-MM-DD'), to: to.format('YYYY-MM-DD') } }),
      ),
    t('transfers.locks.done'),
    close,
  );
  return (
    <Modal
      open
      title={t('transfers.locks.setTitle')}
      okText={t('transfers.locks.set')}
      cancelText={t('cancel')}
      confirmLoading={set.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={440}
    >
      <p>{t('transfers.locks.setText')}</p>
      <Form form={form} layout="vertical" onFinish={(wish) => set.mutate(wish)}>
        <Form.Item
          name="name"
          label={t('transfers.locks.name')}
          rules={[{ required: true, whitespace: true, message: t('transfers.locks.nameMissing') }]}
        >
          <Input maxLength={80} placeholder={t('transfers.locks.nameHint')} />
        </Form.Item>
        <Form.Item
          name="days"
          label={t('transfers.locks.days')}
          rules={[{ required: true, message: t('transfers.locks.daysMissing') }]}
        >
          <DatePicker.RangePicker />
        </Form.Item>
      </Form>
    </Modal>
  );
}
