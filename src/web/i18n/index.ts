import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { zh } from './zh.ts';

const KEY = 'guanhu.language';

function remembered(): 'zh' | 'en' {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
}

void i18next.use(initReactI18next).init({
  lng: remembered(),
  fallbackLng: 'zh',
  resources: { zh: { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false },
});

export function switchLanguage(): void {
  const next = i18next.language === 'zh' ? 'en' : 'zh';
  localStorage.setItem(KEY, next);
  void i18next.changeLanguage(next);
}
