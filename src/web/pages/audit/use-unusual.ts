import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client.ts';
import type { Filters } from './filters.tsx';

/** Whose looks are unusual, in one period for the headline and the list. */
export function useUnusual({ from, to }: Filters) {
  return useQuery({
    queryKey: ['audit', 'unusual', from, to],
    queryFn: async () =>
      unwrap(
        await api.GET('/api/audit/unusual', {
          params: { query: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } },
        }),
      ),
  });
}
