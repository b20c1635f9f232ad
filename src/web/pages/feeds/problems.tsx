import { DownloadOutlined } from '@ant-design/icons';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { count } from '../../ui/format.ts';
import { usePhone, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import type { Import } from './row.ts';

type Problem = Import['problems'][number];

/** What is wrong, where, and how to mend it; the bad rows come as a workbook that can be sent back. */
export function Problems({ record, mayDecide }: { record: Import; mayDecide: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  const { problems } = record;
  const where = (problem: Problem) =>
    [problem.line === undefined ? '' : t('feeds.line', { n: count(problem.line) }), problem.column ?? '']
      .filter(Boolean)
      .join(' · ') || '–';
  return (
    <Section
      title={t('feeds.problems', { n: count(Math.max(record.rejected, problems.length)) })}
      extra={
        mayDecide &&
        record.rejected > 0 && (
          <Button
            size="small"
            icon={<DownloadOutlined />}
            href={`/api/feeds/${encodeURIComponent(record.importId)}/rejects.xlsx`}
          >
            {t('feeds.rejects')}
          </Button>
        )
      }
    >
      {phone ? (
        <ul className="plain-list">
          {problems.map((problem) => (
            <li key={`${problem.line}${problem.column}${problem.code}`}>
              <strong>{where(problem)}</strong> <span className="code">{problem.text}</span>
              <div>{words(problem.reason)}</div>
              <div className="quiet">{words(problem.remedy)}</div>
            </li>
          ))}
        </ul>
      ) : (
        <Table<Problem & { key: number }>
          size="small"
          pagination={false}
          scroll={{ y: 320 }}
          dataSource={problems.map((problem, key) => ({ ...problem, key }))}
          columns={[
            { title: t('feeds.problem.where'), key: 'where', width: 150, render: (_, problem) => where(problem) },
            {
              title: t('feeds.problem.text'),
              key: 'text',
              width: 140,
              ellipsis: true,
              render: (_, problem) => <span className="code">{problem.text ?? '–'}</span>,
            },
            { title: t('feeds.problem.reason'), key: 'reason', render: (_, problem) => words(problem.reason) },
            { title: t('feeds.problem.remedy'), key: 'remedy', render: (_, problem) => words(problem.remedy) },
          ]}
        />
      )}
      {record.rejected > problems.length && (
        <p className="quiet small">{t('feeds.problemsFirst', { n: count(problems.length) })}</p>
      )}
    </Section>
  );
}
