import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { switchLanguage } from '../../i18n/index.ts';
import './sign-in.css';

/** The narrow page of whoever is not in yet: a title, a sentence, and one thing to do. */
export function Door({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="sign-in door">
      <div className="page-head">
        <div>
          <h1 className="answer">{title}</h1>
          <div className="quiet">{lead}</div>
        </div>
        <Button type="text" onClick={switchLanguage}>
          {t('top.language')}
        </Button>
      </div>
      {children}
    </main>
  );
}
