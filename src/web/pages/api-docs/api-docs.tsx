import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../ui/format.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import './api-docs.css';
import { type Description, loadDescription, type Operation } from './description.ts';
import { shapeText } from './shape.ts';

const GROUPS = [
  'session',
  'account',
  'demo',
  'overview',
  'customers',
  'portfolios',
  'transfers',
  'schemes',
  'runs',
  'feeds',
  'organisation',
] as const;
/** Paths that begin with another word than their group. */
const KIN: Readonly<Record<string, (typeof GROUPS)[number]>> = {
  setup: 'account',
  accounts: 'account',
  'lock-periods': 'transfers',
};

/** The interface as a list that one can read: what to ask, with what, and what comes back. */
export function ApiDocs() {
  const description = useQuery({ queryKey: ['openapi'], queryFn: loadDescription, staleTime: Number.POSITIVE_INFINITY });
  return <Loaded query={description}>{(found) => <ApiDocsOf description={found} />}</Loaded>;
}

function ApiDocsOf({ description }: { description: Description }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const needle = text.trim().toLowerCase();
  const found = description.operations.filter((operation) =>
    `${operation.method} ${operation.path} ${operation.id} ${operation.summary}`.toLowerCase().includes(needle),
  );
  const groupOf = (operation: Operation) => {
    const first = operation.path.split('/')[2] ?? '';
    return GROUPS.find((group) => first === group) ?? KIN[first] ?? 'other';
  };
  return (
    <Page answer={t('apiDocs.answer', { n: count(description.operations.length) })}>
      <p className="quiet lead">
        {t('apiDocs.lead', { version: description.version })} <a href="/api/openapi.json">/api/openapi.json</a>
      </p>
      <div className="chips">
        <Input.Search
          className="find-operation"
          allowClear
          aria-label={t('apiDocs.find')}
          placeholder={t('apiDocs.find')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {found.length === 0 && <Nothing>{t('apiDocs.none')}</Nothing>}
      {[...GROUPS, 'other' as const].map((group) => {
        const here = found.filter((operation) => groupOf(operation) === group);
        if (here.length === 0) return null;
        return (
          <Section key={group} title={t(`apiDocs.group.${group}`)}>
            {here.map((operation) => (
              <OperationOf key={operation.id} operation={operation} />
            ))}
          </Section>
        );
      })}
    </Page>
  );
}

function OperationOf({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  return (
    <details className="operation">
      <summary>
        <span className={operation.method === 'GET' ? 'method' : 'method method-write'}>{operation.method}</span>
        <code>{operation.path}</code>
        <span className="quiet">{operation.summary}</span>
      </summary>
      {operation.parameters.length > 0 && <Parameters operation={operation} />}
      {operation.body !== undefined && (
        <>
          <h3>
            {t('apiDocs.body')} <code>{operation.body.type}</code>
          </h3>
          {operation.body.shape !== undefined && <pre>{shapeText(operation.body.shape)}</pre>}
        </>
      )}
      <h3>{t('apiDocs.answers')}</h3>
      {operation.answers.map((answer) => (
        <div key={answer.status} className="answer-of">
          <code>{answer.status}</code>
          {answer.shape !== undefined && <pre>{shapeText(answer.shape)}</pre>}
        </div>
      ))}
    </details>
  );
}

function Parameters({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('apiDocs.parameters')}</h3>
      <ul className="plain-list parameters">
        {operation.parameters.map((parameter) => (
          <li key={parameter.name}>
            <code>{parameter.name}</code>{' '}
            <span className="quiet">
              {t(`apiDocs.in.${parameter.in}`)} · {parameter.schema === undefined ? '' : shapeText(parameter.schema)}
              {parameter.required === true ? ` · ${t('apiDocs.required')}` : ''}
            </span>{' '}
            {parameter.description}
          </li>
        ))}
      </ul>
    </>
  );
}
