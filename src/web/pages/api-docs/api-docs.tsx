import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { count } from '../../ui/format.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import './api-docs.css';

const parameterSchema = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: z.looseObject({ type: z.string().optional(), enum: z.array(z.unknown()).optional() }).optional(),
});
const contentSchema = z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional();
const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string().default(''),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.looseObject({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentSchema })).default({}),
});
const documentSchema = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});
type Operation = z.infer<typeof operationSchema> & { readonly method: string; readonly path: string };

/** Operations by the first part of their path, as the document lists them. */
function grouped(paths: z.infer<typeof documentSchema>['paths']): [string, Operation[]][] {
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(paths)) {
    const name = path.split('/')[2] ?? path;
    const operations = Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    }));
    groups.set(name, [...(groups.get(name) ?? []), ...operations]);
  }
  return [...groups];
}

/** The API as it describes itself: every path, its parameters, what it takes and answers. */
export function ApiDocs() {
  const description = useQuery({
    queryKey: ['openapi'],
    queryFn: async () => documentSchema.parse(await (await fetch('/api/openapi.json')).json()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <Loaded query={description}>{(data) => <Described description={data} />}</Loaded>;
}

function Described({ description }: { description: z.infer<typeof documentSchema> }) {
  const { t } = useTranslation();
  const groups = grouped(description.paths);
  const operations = groups.reduce((sum, [, list]) => sum + list.length, 0);
  return (
    <Page answer={t('apiDocs.answer', { n: count(operations), version: description.openapi })}>
      <p className="quiet lead">
        {t('apiDocs.lead')} <a href="/api/openapi.json">/api/openapi.json</a>
      </p>
      {groups.map(([name, list]) => (
        <Section key={name} title={`/api/${name}`}>
          {list.map((operation) => (
            <OperationOf key={operation.method + operation.path} operation={operation} />
          ))}
        </Section>
      ))}
    </Page>
  );
}

function OperationOf({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  const { method, path, summary, parameters, requestBody, responses } = operation;
  return (
    <details className="operation">
      <summary>
        <Tag color={method === 'GET' ? 'blue' : 'orange'}>{method}</Tag>
        <code>{path}</code>
        <span className="quiet">{summary}</span>
      </summary>
      <div className="operation-body">
        <p className="quiet small">operationId: {operation.operationId}</p>
        {parameters.length > 0 && <Parameters parameters={parameters} />}
        <Schema title={t('apiDocs.body')} content={requestBody?.content} />
        {Object.entries(responses).map(([status, response]) =>
          response.content === undefined ? (
            <p key={status}>{t('apiDocs.response', { status })}</p>
          ) : (
            <Schema key={status} title={t('apiDocs.response', { status })} content={response.content} />
          ),
        )}
      </div>
    </details>
  );
}

function Parameters({ parameters }: { parameters: Operation['parameters'] }) {
  const { t } = useTranslation();
  return (
    <table className="parameters">
      <thead>
        <tr>
          <th>{t('apiDocs.parameter')}</th>
          <th>{t('apiDocs.place')}</th>
          <th>{t('apiDocs.type')}</th>
          <th>{t('apiDocs.meaning')}</th>
        </tr>
      </thead>
      <tbody>
        {parameters.map((parameter) => (
          <tr key={parameter.in + parameter.name}>
            <td>
              <code>{parameter.name}</code>
              {parameter.required && ' *'}
            </td>
            <td>{parameter.in}</td>
            <td>{parameter.schema?.enum?.join(' | ') ?? parameter.schema?.type ?? ''}</td>
            <td>{parameter.description ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Schema({ title, content }: { title: string; content: z.infer<typeof contentSchema> }) {
  if (content === undefined) return null;
  return (
    <>
      {Object.entries(content).map(([type, body]) => (
        <details key={type}>
          <summary>
            {title} <span className="quiet">{type}</span>
          </summary>
          <pre>{JSON.stringify(body.schema, null, 2)}</pre>
        </details>
      ))}
    </>
  );
}
