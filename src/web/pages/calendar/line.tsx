import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { type Appointment, clockText, dayOf } from './answers.ts';
import './calendar.css';
import { MakeAppointment } from './make.tsx';

/** One appointment with what may be done with it. `dated` tells the day, `named` the customer. */
export function AppointmentLine({
  appointment,
  dated = false,
  named = false,
}: {
  appointment: Appointment;
  dated?: boolean;
  named?: boolean;
}) {
  const { t } = useTranslation();
  const { customerId, name, startsAt, endsAt, kind, place, words, state, endedWords, may } = appointment;
  const [asking, setAsking] = useState<'move' | 'miss' | 'cancel'>();
  const step = useStep(appointment, () => setAsking(undefined));
  return (
    <li className={`appointment appointment-${state}`}>
      <div>
        <strong>
          {dated && `${dayOf(startsAt)} `}
          {clockText(startsAt)}–{clockText(endsAt)}
        </strong>{' '}
        {named && (
          <Link to="/customers/$id" params={{ id: customerId }}>
            {name ?? customerId}
          </Link>
        )}{' '}
        {t(`calendar.kind.${kind}`)}
        {place !== '' && ` · ${place}`}
        {state !== 'planned' && ` · ${t(`calendar.state.${state}`)}`}
      </div>
      {words !== '' && <div>{words}</div>}
      {endedWords !== null && endedWords !== '' && <div className="quiet small">{endedWords}</div>}
      {may.length > 0 && (
        <div className="appointment-acts">
          {may.map((one) => (
            <Button
              key={one}
              type="link"
              size="small"
              onClick={() => (one === 'keep' ? step.mutate({ step: 'keep' }) : setAsking(one))}
            >
              {t(`calendar.step.${one}`)}
            </Button>
          ))}
        </div>
      )}
      {asking === 'move' && (
        <MakeAppointment
          customerId={customerId}
          name={name ?? customerId}
          moving={appointment}
          close={() => setAsking(undefined)}
        />
      )}
      {(asking === 'miss' || asking === 'cancel') && (
        <Why
          title={t(`calendar.step.${asking}`)}
          pending={step.isPending}
          close={() => setAsking(undefined)}
          done={(why) => step.mutate({ step: asking, words: why })}
        />
      )}
    </li>
  );
}

type Step = { step: 'keep' } | { step: 'miss' | 'cancel'; words: string };

function useStep({ customerId, appointmentId }: Appointment, close: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Step) =>
      unwrap(
        await api.POST('/api/customers/{id}/appointments/{appointmentId}/step', {
          params: { path: { id: customerId, appointmentId } },
          body,
        }),
      ),
    onSuccess: async (_, { step }) => {
      close();
      if (step === 'keep') void message.success(t('calendar.kept'));
      await queries.invalidateQueries({ queryKey: ['appointments'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
}

function Why({
  title,
  pending,
  close,
  done,
}: {
  title: string;
  pending: boolean;
  close: () => void;
  done: (why: string) => void;
}) {
  const { t } = useTranslation();
  const [why, setWhy] = useState('');
  return (
    <Modal
      open
      title={title}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: why.trim().length < 2 }}
      confirmLoading={pending}
      onCancel={close}
      onOk={() => done(why)}
      width={420}
    >
      <Input
        aria-label={t('workbench.words')}
        placeholder={t('workbench.words')}
        maxLength={200}
        value={why}
        onChange={(event) => setWhy(event.target.value)}
      />
    </Modal>
  );
}
