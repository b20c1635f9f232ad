import { useQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { usePhone, useWords } from '../../ui/hooks.ts';
import { useRoleName } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { ChangeRules } from './change-rules.tsx';

type Rules = Answer<'listFollowUpRules'>;
type Rule = Rules['items'][number];

/** 跟进规则: from which rules follow-ups come, as they are in force. */
export function FollowUpRules() {
  const rules = useQuery({
    queryKey: ['follow-up-rules'],
    queryFn: async () => unwrap(await api.GET('/api/follow-up-rules')),
    staleTime: 300_000,
  });
  return <Loaded query={rules}>{(data) => <RulesOf rules={data} />}</Loaded>;
}

function RulesOf({ rules }: { rules: Rules }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  const roleName = useRoleName();
  if (rules.version === null)
    return (
      <>
        <Nothing>{t('workbench.noRules')}</Nothing>
        <Change rules={rules} />
      </>
    );
  const text = (key: 'when' | 'assets' | 'settledBy' | 'ifLeft') => ({
    title: t(`workbench.ruleColumn.${key}`),
    key,
    render: (_: unknown, row: Rule) => words(row[key]),
  });
  return (
    <>
      <div className="section-head">
        <p className="quiet">{t('workbench.rulesOf', { title: words(rules.title), version: rules.version })}</p>
        <Change rules={rules} />
      </div>
      <Table<Rule>
        size="small"
        pagination={false}
        rowKey={(row) => row.rule}
        dataSource={[...rules.items]}
        columns={[
          { title: t('workbench.ruleColumn.title'), key: 'title', render: (_, row) => <strong>{words(row.title)}</strong> },
          text('when'),
          ...(phone
            ? []
            : [
                text('assets'),
                {
                  title: t('workbench.ruleColumn.who'),
                  key: 'who',
                  render: (_: unknown, row: Rule) => row.who.map(roleName).join(t('outreach.comma')),
                },
                text('settledBy'),
                {
                  title: t('workbench.ruleColumn.postpone'),
                  key: 'postpone',
                  render: (_: unknown, row: Rule) =>
                    row.postponeDays === 0 ? t('workbench.postponeNot') : t('workbench.postponeDays', { n: row.postponeDays }),
                },
                text('ifLeft'),
              ]),
        ]}
      />
    </>
  );
}

function Change({ rules: { source, may } }: { rules: Rules }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!may.includes('change')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('workbench.rulesChange')}</Button>
      {open && <ChangeRules source={source ?? ''} close={() => setOpen(false)} />}
    </>
  );
}
