import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { isTyping } from '../../ui/keys.ts';
import type { Contact, Work } from './answers.ts';

type Outcome = Contact['outcome'];
const SECONDS = 8;

/** 电话结果: what came of a call, by one key or one tap; a slip is undone as quickly. A complaint needs words: it has the whole form. */
export function QuickResults({ customerId, work }: { customerId: string; work: Work }) {
  const { t } = useTranslation();
  const call = useCall(customerId);
  const outcomes = (work.channels.find(({ channel }) => channel === 'phone')?.outcomes ?? []).filter(
    (one) => one !== 'complaint',
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const outcome = outcomes[Number(event.key) - 1];
      if (outcome === undefined || event.repeat || isTyping(event) || call.isPending) return;
      event.preventDefault();
      call.mutate(outcome);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  return (
    <fieldset className="quick">
      <legend className="quiet small">{t('workbench.quick')}</legend>
      {outcomes.map((outcome, n) => (
        <Button key={outcome} disabled={call.isPending} onClick={() => call.mutate(outcome)}>
          {t(`workbench.outcomes.${outcome}`)} <kbd className="wide">{n + 1}</kbd>
        </Button>
      ))}
    </fieldset>
  );
}

/** Pending until the queue has been read again, so that a key is never counted for who was called just now. */
function useCall(customerId: string) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const undo = useUndo(customerId);
  return useMutation({
    mutationFn: async (outcome: Outcome) => {
      const contactId = crypto.randomUUID();
      const body = { contactId, channel: 'phone' as const, outcome, note: '', next: null, interest: [] };
      return {
        contactId,
        work: unwrap(await api.POST('/api/customers/{id}/contacts', { params: { path: { id: customerId } }, body })),
      };
    },
    onSuccess: async ({ contactId, work }, outcome) => {
      void message.success({
        key: contactId,
        duration: SECONDS,
        content: (
          <>
            {t('workbench.quickDone', { outcome: t(`workbench.outcomes.${outcome}`) })}
            <Button type="link" onClick={() => undo.mutate(contactId)}>
              {t('workbench.undo')}
            </Button>
          </>
        ),
      });
      queries.setQueryData(['work', customerId], work);
      for (const key of ['workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, SECONDS),
  });
}

function useUndo(customerId: string) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (contactId: string) =>
      unwrap(
        await api.POST('/api/customers/{id}/contacts/{contactId}/reverse', {
          params: { path: { id: customerId, contactId } },
          body: { words: t('workbench.undoWords') },
        }),
      ),
    onSuccess: async (work, contactId) => {
      message.destroy(contactId);
      queries.setQueryData(['work', customerId], work);
      for (const key of ['workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, SECONDS),
  });
}
