import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { agentText } from './agent.ts';

/** Where one is signed in; any of them can be ended from here. */
export function Devices({ items }: { items: readonly RowOf<'listSessions'>[] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: async (sessionId: string | undefined) =>
      sessionId === undefined
        ? unwrap(await api.POST('/api/account/sessions/end-others', { body: {} }))
        : unwrap(await api.POST('/api/account/sessions/{sessionId}/end', { params: { path: { sessionId } }, body: {} })),
    onSuccess: () => void message.success(t('account.ended')),
    onError: (error) => void message.error(errorText(error).text),
    onSettled: () => queries.invalidateQueries({ queryKey: ['account', 'sessions'] }),
  });
  return (
    <>
      <ul className="devices">
        {items.map((item) => (
          <li key={item.sessionId}>
            <div>
              {agentText(item.agent) ?? t('account.unknownAgent')} {item.current && <Tag>{t('account.current')}</Tag>}
              <div className="quiet small">
                {t('account.openedAt', { at: instantText(item.openedAt) })} ·{' '}
                {t('account.seen', { at: instantText(item.seenAt), address: item.address })}
              </div>
            </div>
            {!item.current && (
              <Button loading={end.isPending} onClick={() => end.mutate(item.sessionId)}>
                {t('account.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {items.length > 1 && (
        <Button loading={end.isPending} onClick={() => end.mutate(undefined)}>
          {t('account.endOthers')}
        </Button>
      )}
    </>
  );
}
