import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as AntApp, ConfigProvider, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RefusedByServer } from './api/client.ts';
import { nonce } from './csp.ts';
import './i18n/index.ts';
import { router } from './router.tsx';
import { usePhone } from './ui/hooks.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => !(error instanceof RefusedByServer) && count < 2,
      refetchOnWindowFocus: false,
    },
  },
});

/** What somebody asked of every page, by the settings of their own machine. */
function usePreference(query: '(prefers-color-scheme: dark)' | '(prefers-reduced-motion: reduce)'): boolean {
  const media = window.matchMedia(query);
  const [wanted, setWanted] = useState(media.matches);
  useEffect(() => {
    const follow = () => setWanted(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [media]);
  return wanted;
}

export function App() {
  const { i18n } = useTranslation();
  const dark = usePreference('(prefers-color-scheme: dark)');
  const still = usePreference('(prefers-reduced-motion: reduce)');
  const phone = usePhone();
  const zh = i18n.language === 'zh';
  dayjs.locale(zh ? 'zh-cn' : 'en');
  useEffect(() => {
    document.documentElement.lang = zh ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [zh, dark]);
  return (
    <ConfigProvider
      locale={zh ? zhCN : enUS}
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
      theme={{
        components: {
          Table: { cellPaddingInlineSM: 10 },
          Breadcrumb: { linkColor: dark ? '#8DB8EA' : '#1D4E89' },
          // White on the light blue of the dark theme is too faint to read.
          Button: { primaryColor: dark ? '#0D1520' : '#FFFFFF' },
        },
        algorithm: dark ? [theme.darkAlgorithm, theme.compactAlgorithm] : [theme.compactAlgorithm],
        token: {
          motion: !still,
          colorPrimary: dark ? '#6FA3DC' : '#1D4E89',
          colorInfo: dark ? '#6FA3DC' : '#1D4E89',
          colorLink: dark ? '#8DB8EA' : '#1D4E89',
          colorTextPlaceholder: dark ? '#9aa3ad' : '#667079',
          colorTextDescription: dark ? '#9aa3ad' : '#667079',
          colorError: dark ? '#F08A80' : '#B42318',
          borderRadius: 4,
          fontSize: 14,
          // A thumb needs more than a mouse.
          controlHeight: phone ? 44 : 32,
          controlHeightSM: phone ? 40 : 24,
          fontFamily:
            'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
        },
      }}
    >
      <AntApp>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
