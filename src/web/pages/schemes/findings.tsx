import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { useWords } from '../../ui/hooks.ts';
import { Nothing } from '../../ui/states.tsx';

type Finding = Answer<'getScheme'>['findings'][number];
const ORDER = ['error', 'warning', 'info'] as const;
const FEW = 8;

/** What the check says about the scheme today, gravest first. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const [all, setAll] = useState(false);
  if (findings.length === 0) return <Nothing>{t('schemes.findingsNone')}</Nothing>;
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <>
      <ul className="plain-list">
        {(all ? sorted : sorted.slice(0, FEW)).map((finding) => (
          <li key={`${finding.path} ${finding.text.zh}`} className="finding">
            <span className={`severity severity-${finding.severity}`}>{t(`schemes.severity.${finding.severity}`)}</span>
            <span>{words(finding.text)}</span>
            {finding.line !== null && <span className="quiet small">{t('schemes.line', { n: finding.line })}</span>}
          </li>
        ))}
      </ul>
      {!all && sorted.length > FEW && (
        <Button type="link" onClick={() => setAll(true)}>
          {t('schemes.findingsMore', { n: sorted.length })}
        </Button>
      )}
    </>
  );
}
