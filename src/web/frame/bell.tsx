import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';

/** How often the bell asks; it also asks whenever the window is looked at again. */
const EVERY_MS = 60_000;

/** How many notices one has not read. */
export function useUnread(): number {
  const notices = useQuery({
    queryKey: ['notices', 'bell'],
    queryFn: async () => unwrap(await api.GET('/api/notices', { params: { query: { limit: 1 } } })),
    refetchInterval: EVERY_MS,
  });
  return notices.data?.unread ?? 0;
}

/** On every page. */
export function Bell() {
  const { t } = useTranslation();
  const n = useUnread();
  return (
    <Link to="/notices" className="bell" aria-label={n === 0 ? t('notices.title') : t('notices.unread', { n })}>
      <Badge count={n} size="small" overflowCount={99}>
        <BellOutlined aria-hidden />
      </Badge>
    </Link>
  );
}
