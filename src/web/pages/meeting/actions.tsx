import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import './meeting.css';

type Action = Answer<'listActions'>['items'][number];

/** 会议布置 to oneself, on the workbench; nothing when there is none. */
export function MyActions() {
  const { t } = useTranslation();
  const mine = useQuery({
    queryKey: ['meeting', 'actions'],
    queryFn: async () => unwrap(await api.GET('/api/meeting/actions')).items,
  });
  if (!mine.data || mine.data.length === 0) return null;
  return (
    <section className="section">
      <h2>{t('meeting.action.mine')}</h2>
      <Lines items={mine.data} said={({ by }) => t('meeting.action.by', { name: by })} />
    </section>
  );
}

/** What the unit's meetings asked for: what is open, and what ended since the last one. */
export function UnitActions({ items }: { items: readonly Action[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <Section title={t('meeting.action.title')}>
      <Lines items={items} said={({ staff }) => (staff === null ? '' : [staff.name, staff.unitName].join(' · '))} />
    </Section>
  );
}

function Lines({ items, said }: { items: readonly Action[]; said: (action: Action) => string }) {
  return (
    <ul className="plain-list">
      {items.map((action) => (
        <Line key={action.actionId} action={action} said={said(action)} />
      ))}
    </ul>
  );
}

function Line({ action, said }: { action: Action; said: string }) {
  const { t } = useTranslation();
  const { words, dueOn, state, late, endedWords, may } = action;
  const [asking, setAsking] = useState<'done' | 'drop'>();
  return (
    <li className="action">
      <div className={state === 'open' ? 'action-words' : 'action-words quiet'}>
        <div>{words}</div>
        <div className="quiet small">
          <span className={late ? 'action-late' : ''}>
            {t(late ? 'meeting.action.lateBy' : 'meeting.action.dueBy', { day: dueOn })}
          </span>
          {' · '}
          {said}
          {state !== 'open' && ` · ${t(`meeting.action.state.${state}`)}`}
          {endedWords !== null && endedWords !== '' && ` · ${endedWords}`}
        </div>
      </div>
      {may.map((step) => (
        <Button key={step} onClick={() => setAsking(step)}>
          {t(`meeting.action.step.${step}`)}
        </Button>
      ))}
      {asking !== undefined && <End action={action} step={asking} close={() => setAsking(undefined)} />}
    </li>
  );
}

function End({ action, step, close }: { action: Action; step: 'done' | 'drop'; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [words, setWords] = useState('');
  const end = useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST('/api/meeting/actions/{id}/step', { params: { path: { id: action.actionId } }, body: { step, words } }),
      ),
    onSuccess: async () => {
      close();
      await queries.invalidateQueries({ queryKey: ['meeting'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t(`meeting.action.step.${step}`)}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: step === 'drop' && words.trim().length < 2 }}
      confirmLoading={end.isPending}
      onCancel={close}
      onOk={() => end.mutate()}
      width={420}
    >
      <p>{action.words}</p>
      <Input
        aria-label={t(`meeting.action.said.${step}`)}
        placeholder={t(`meeting.action.said.${step}`)}
        maxLength={200}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
    </Modal>
  );
}
