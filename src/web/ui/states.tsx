import { Button, Empty, Result, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from './hooks.ts';

/** Error with words, what to do, and the request's id for the administrator. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { text, requestId } = useErrorText()(error);
  return (
    <Result
      status="warning"
      title={text}
      subTitle={requestId === '' ? undefined : `${t('state.requestId')} ${requestId}`}
      extra={retry && <Button onClick={retry}>{t('state.retry')}</Button>}
    />
  );
}

export function Nothing({ children }: { children?: ReactNode }) {
  const { t } = useTranslation();
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={children ?? t('state.empty')} />;
}

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/** Loading, failed or there: each page says only what it does with the answer. */
export function Loaded<T>({ query, children }: { query: Asked<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton active paragraph={{ rows: 8 }} />;
}
