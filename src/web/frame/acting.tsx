import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { forgetOthers, useErrorText } from '../ui/hooks.ts';

/** On every page while one stands in for somebody, or may: for whom, until when, and the way there and back. */
export function Acting() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const acting = useQuery({
    queryKey: ['acting'],
    queryFn: async () => unwrap(await api.GET('/api/account/acting')),
    staleTime: 300_000,
  });
  const change = useMutation({
    mutationFn: async (absent: string | null) => unwrap(await api.POST('/api/account/acting', { body: { absent } })),
    onSuccess: () => {
      forgetOthers(queries);
      void queries.invalidateQueries();
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  if (acting.data === undefined) return null;
  const { now, may } = acting.data;
  if (now !== null) {
    return (
      <div className="demo-notice acting" role="status">
        <strong>{t('deputies.acting', { name: now.name, until: now.until })}</strong>{' '}
        <Button size="small" loading={change.isPending} onClick={() => change.mutate(null)}>
          {t('deputies.back')}
        </Button>
      </div>
    );
  }
  if (may.length === 0) return null;
  return (
    <div className="demo-notice">
      {t('deputies.mayAct')}{' '}
      {may.map(({ staffId, name, until }) => (
        <Button key={staffId} size="small" loading={change.isPending} onClick={() => change.mutate(staffId)}>
          {t('deputies.actFor', { name, until })}
        </Button>
      ))}
    </div>
  );
}
