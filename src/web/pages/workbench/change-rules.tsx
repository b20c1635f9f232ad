import { UploadOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Modal, Progress, Table, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, usePhone, useWords } from '../../ui/hooks.ts';

type Part = Answer<'simulateFollowUpRules'>;
type RulePart = Part['rules'][number];

/** What a file of rules would bring about, and of which text that was said. */
interface Forecast {
  readonly source: string;
  readonly people: number;
  readonly atOnce: number;
  readonly inWeek: number;
  readonly rules: readonly RulePart[];
}

/** Goes through the bank part by part; `tell` hears how far it is, from 0 to 1. */
async function simulate(source: string, tell: (share: number) => void): Promise<Forecast> {
  const people = new Set<string>();
  let rules: RulePart[] = [];
  let [after, done] = ['', 0];
  for (;;) {
    const part = unwrap(await api.POST('/api/follow-up-rules/simulate', { body: { source, after } }));
    for (const id of part.people) people.add(id);
    rules = part.rules.map((one, n) => ({
      ...one,
      atOnce: one.atOnce + (rules[n]?.atOnce ?? 0),
      inWeek: one.inWeek + (rules[n]?.inWeek ?? 0),
      people: [...new Set([...one.people, ...(rules[n]?.people ?? [])])],
    }));
    done += part.customers;
    tell(Math.min(1, done / Math.max(1, part.of)));
    if (part.next === null) break;
    after = part.next;
  }
  const sum = (of: 'atOnce' | 'inWeek') => rules.reduce((total, one) => total + one[of], 0);
  return { source, people: people.size, atOnce: sum('atOnce'), inWeek: sum('inWeek'), rules };
}

/** 更换跟进规则: a file or its text, what it would bring about, and only then into force. */
export function ChangeRules({ source, close }: { source: string; close: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [text, setText] = useState(source);
  const [share, setShare] = useState(0);
  const trial = useMutation({ mutationFn: () => simulate(text, setShare), onMutate: () => setShare(0) });
  const activate = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/follow-up-rules', { body: { source: text } })),
    onSuccess: async ({ version }) => {
      void message.success(t('workbench.rulesActivated', { version }));
      close();
      for (const key of ['follow-up-rules', 'workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const told = trial.data?.source === text ? trial.data : undefined;
  return (
    <Modal
      open
      title={t('workbench.rulesChange')}
      okText={t('workbench.rulesActivate')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: told === undefined || text === source }}
      confirmLoading={activate.isPending}
      onCancel={close}
      onOk={() => activate.mutate()}
      width={phone ? '100%' : 820}
    >
      <p className="quiet">{t('workbench.rulesChangeHint')}</p>
      <Input.TextArea
        aria-label={t('workbench.rulesText')}
        className="rules-text"
        rows={14}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="chips rules-acts">
        <Upload
          accept=".yaml,.yml"
          showUploadList={false}
          beforeUpload={async (file) => {
            setText(await file.text());
            return Upload.LIST_IGNORE;
          }}
        >
          <Button icon={<UploadOutlined />}>{t('workbench.rulesFile')}</Button>
        </Upload>
        <Button type="primary" ghost loading={trial.isPending} disabled={text.trim() === ''} onClick={() => trial.mutate()}>
          {t('workbench.rulesTry')}
        </Button>
      </div>
      {trial.isPending && <Progress percent={Math.round(100 * share)} aria-label={t('workbench.rulesTry')} />}
      {trial.isError && <Alert type="error" showIcon title={errorText(trial.error).text} />}
      {told !== undefined && <Told forecast={told} />}
    </Modal>
  );
}

const WORKDAYS = 5;

function Told({ forecast: { people, atOnce, inWeek, rules } }: { forecast: Forecast }) {
  const { t } = useTranslation();
  const words = useWords();
  const aDay = people === 0 ? 0 : inWeek / people / WORKDAYS;
  const number = (key: 'atOnce' | 'inWeek') => ({
    title: t(`workbench.rulesColumn.${key}`),
    key,
    align: 'right' as const,
    render: (_: unknown, row: RulePart) => count(row[key]),
  });
  return (
    <>
      <p>
        <strong>
          {t('workbench.rulesTold', {
            ...{ atOnce: count(atOnce), inWeek: count(inWeek), people: count(people), aDay: aDay.toFixed(1) },
          })}
        </strong>
      </p>
      <Table<RulePart>
        size="small"
        pagination={false}
        rowKey={(row) => row.rule}
        dataSource={[...rules]}
        columns={[
          { title: t('workbench.ruleColumn.title'), key: 'title', render: (_, row) => words(row.title) },
          number('atOnce'),
          number('inWeek'),
          {
            ...{ title: t('workbench.rulesColumn.people'), key: 'people', align: 'right' },
            render: (_, row) => count(row.people.length),
          },
        ]}
      />
    </>
  );
}
