import { type InfiniteData, type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, RefusedByServer, unwrap, type Words } from '../api/client.ts';
import type { Language } from './format.ts';

export type Session = Answer<'getSession'>;

export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh';
}

/** Picks the reader's language of words that came from the server. */
export function useWords(): (words: Words | null | undefined) => string {
  const language = useLanguage();
  return (words) => words?.[language] ?? '';
}

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      const result = await api.GET('/api/session');
      if (result.response.status === 401) return null;
      return unwrap(result);
    },
    staleTime: 60_000,
  });
}

/** What one person has read is not for the next; the session itself is watched by the frame and stays. */
export function forgetOthers(queries: QueryClient): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api.DELETE('/api/session');
    forgetOthers(queries);
    queries.setQueryData(['session'], null);
  };
}

interface Page<T> {
  items: T[];
  next: string | null;
}

/** A list that is paged by key: rows so far, and how to get more. */
export function useKeyset<T>(key: readonly unknown[], load: (after: string | undefined) => Promise<Page<T>>, enabled = true) {
  const query = useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>>, readonly unknown[], string | undefined>({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
  return { ...query, rows: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** Phones get cards and pages where desks get tables and drawers. */
export function usePhone(): boolean {
  const media = window.matchMedia('(max-width: 720px)');
  const [phone, setPhone] = useState(media.matches);
  useEffect(() => {
    const follow = () => setPhone(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [media]);
  return phone;
}

/** A refusal's words in the reader's language; anything else as a plain fault. */
export function useErrorText(): (error: unknown) => { text: string; requestId: string } {
  const language = useLanguage();
  const { t } = useTranslation();
  return (error) =>
    error instanceof RefusedByServer
      ? { text: language === 'zh' ? error.zh : error.en, requestId: error.requestId }
      : { text: t('state.error'), requestId: '' };
}
