import { CopyOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useLanguage, useSession, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';

type Why = Answer<'whyCustomer'>;
type WhyLine = Why['lines'][number];
const KINDS = ['average', 'band', 'outlet', 'seat', 'candidates', 'decision', 'missing', 'digest', 'run'] as const;

/** Why this person covers the customer: a receipt, line by line, each with its proof. */
export function WhyCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const why = useQuery({
    queryKey: ['why', id],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/why', { params: { path: { id } } })),
  });
  return (
    <Section
      title={t(why.data?.covered === false ? 'customers.whyTitleUncovered' : 'customers.whyTitle')}
      extra={why.data && <Copy why={why.data} />}
    >
      <Loaded query={why}>
        {(data) => (
          <>
            <ol className="receipt">
              {data.lines.map((line) => (
                <Line key={line.kind + line.zh} line={line} />
              ))}
            </ol>
            <Foot why={data} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Line({ line }: { line: WhyLine }) {
  const { t } = useTranslation();
  const words = useWords();
  const kind = KINDS.find((known) => known === line.kind) ?? 'other';
  return (
    <li>
      <span className="kind">{t(`customers.line.${kind}`)}</span>
      <div className={kind === 'decision' || kind === 'missing' ? kind : ''}>
        <Sentence text={words(line)} />
        {line.proof.length > 0 && (
          <details>
            <summary>{t('customers.whyProof', { n: line.proof.length })}</summary>
            <table className="proof">
              <tbody>
                {line.proof.map((row) => (
                  <tr key={row.label.zh + row.value}>
                    <td>{words(row.label)}</td>
                    <td>{row.value}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
      </div>
    </li>
  );
}

const DATE = /(\d{4}-\d{2}-\d{2}(?:-\d+)?)/;

/** A sentence in which no date or run number breaks over two lines. */
function Sentence({ text }: { text: string }) {
  return text.split(DATE).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change places
      <span key={at} className="nowrap">
        {part}
      </span>
    ),
  );
}

function Foot({ why }: { why: Why }) {
  const { t } = useTranslation();
  const canRead = useSession().data?.permissions.includes('runs.read') ?? false;
  return (
    <div className="receipt-foot">
      {t('customers.whyDay', { date: why.businessDate })}
      {why.runId !== null && (
        <>
          {' · '}
          {canRead ? (
            <Link to="/runs/$id" params={{ id: why.runId }}>
              {`${t('menu.runs')} ${why.runId}`}
            </Link>
          ) : (
            `${t('menu.runs')} ${why.runId}`
          )}
        </>
      )}
    </div>
  );
}

/** The card as plain text, for a message to the customer's manager or a complaint's file. */
function Copy({ why }: { why: Why }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const language = useLanguage();
  const text = [
    `${why.name} ${why.customerId} · ${why.businessDate}`,
    ...why.lines.map((line, at) => `${at + 1}. ${line[language]}`),
  ];
  const copy = async () => {
    await navigator.clipboard.writeText(text.join('\n'));
    void message.success(t('customers.whyCopied'));
  };
  return (
    <Button size="small" icon={<CopyOutlined />} onClick={() => void copy()}>
      {t('customers.whyCopy')}
    </Button>
  );
}
