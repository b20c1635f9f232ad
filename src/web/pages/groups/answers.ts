import { useQuery } from '@tanstack/react-query';
import { type Answer, api, unwrap } from '../../api/client.ts';

export type AllGroups = Answer<'listGroups'>;
export type Group = AllGroups['items'][number];

export function useGroups() {
  return useQuery({ queryKey: ['groups'], queryFn: async () => unwrap(await api.GET('/api/groups')) });
}
