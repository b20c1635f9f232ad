import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, InputNumber, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useWords } from '../../ui/hooks.ts';
import { Loaded } from '../../ui/states.tsx';
import type { Condition, Draft } from './draft.ts';

type Fields = Answer<'groupFields'>;

/** The lines of a rule: each a field with its range or its values, turned round if so wished. */
export function Conditions({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  const fields = useQuery({ queryKey: ['groups', 'fields'], queryFn: async () => unwrap(await api.GET('/api/groups/fields')) });
  return <Loaded query={fields}>{(data) => <Lines fields={data} draft={draft} change={change} />}</Loaded>;
}

function Lines({ fields, draft, change }: { fields: Fields; draft: Draft; change: (draft: Draft) => void }) {
  const { t } = useTranslation();
  const { conditions } = draft;
  const set = (changed: Condition) =>
    change({ ...draft, conditions: conditions.map((one) => (one.key === changed.key ? changed : one)) });
  const add = () => {
    const key = Math.max(-1, ...conditions.map((one) => one.key)) + 1;
    change({ ...draft, conditions: [...conditions, { key, negated: false, field: 'assets_yuan' }] });
  };
  return (
    <div className="group-lines">
      {conditions.length > 1 && (
        <Radio.Group
          value={draft.match}
          onChange={({ target }) => change({ ...draft, match: target.value === 'any' ? 'any' : 'all' })}
        >
          <Radio value="all">
            {t('groups.matching')}
            {t('groups.matchAll')}
          </Radio>
          <Radio value="any">
            {t('groups.matching')}
            {t('groups.matchAny')}
          </Radio>
        </Radio.Group>
      )}
      {conditions.map((one) => (
        <Line
          key={one.key}
          fields={fields}
          condition={one}
          change={set}
          {...(conditions.length > 1 && {
            remove: () => change({ ...draft, conditions: conditions.filter(({ key }) => key !== one.key) }),
          })}
        />
      ))}
      {conditions.length < 20 && (
        <Button icon={<PlusOutlined />} onClick={add}>
          {t('groups.add')}
        </Button>
      )}
    </div>
  );
}

interface LineProps {
  readonly fields: Fields;
  readonly condition: Condition;
  readonly change: (condition: Condition) => void;
  readonly remove?: () => void;
}

function Line({ fields, condition, change, remove }: LineProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { key, negated, field } = condition;
  const choice = fields.choices.find((one) => one.field === field);
  const options = [...fields.numbers, ...fields.choices].map((one) => ({ value: one.field, label: words(one.title) }));
  const choose = (chosen: string) => {
    const isChoice = fields.choices.some((one) => one.field === chosen);
    change({ key, negated, field: chosen, ...(isChoice && { values: [] }) });
  };
  return (
    <div className="group-line">
      <Select
        className="group-field"
        aria-label={t('groups.condition')}
        showSearch={{ optionFilterProp: 'label' }}
        value={field}
        options={options}
        onChange={choose}
      />
      <Select
        className="group-is"
        aria-label={t('groups.negated')}
        value={negated ? 'not' : 'is'}
        options={[
          { value: 'is', label: t('groups.in') },
          { value: 'not', label: t('groups.negated') },
        ]}
        onChange={(value: string) => change({ ...condition, negated: value === 'not' })}
      />
      {choice === undefined ? (
        <Range condition={condition} change={change} />
      ) : (
        <Values choice={choice} condition={condition} change={change} />
      )}
      {remove !== undefined && (
        <Button
          type="text"
          icon={<DeleteOutlined />}
          aria-label={t('groups.remove')}
          title={t('groups.remove')}
          onClick={remove}
        />
      )}
    </div>
  );
}

function Range({ condition, change }: Pick<LineProps, 'condition' | 'change'>) {
  const { t } = useTranslation();
  return (
    <div className="group-range">
      {(['from', 'below'] as const).map((end) => (
        <InputNumber<number>
          key={end}
          min={0}
          max={1_000_000_000_000}
          precision={0}
          value={condition[end] ?? null}
          placeholder={t(`groups.${end}`)}
          aria-label={t(`groups.${end}`)}
          onChange={(value) => change({ ...condition, [end]: value ?? undefined })}
        />
      ))}
    </div>
  );
}

function Values({ choice, condition, change }: Pick<LineProps, 'condition' | 'change'> & { choice: Fields['choices'][number] }) {
  const { t } = useTranslation();
  const words = useWords();
  const free = choice.values.length === 0;
  return (
    <Select<string[]>
      className="group-range"
      mode={free ? 'tags' : 'multiple'}
      aria-label={t('groups.values')}
      placeholder={free ? t('groups.tagHint') : t('groups.values')}
      value={[...(condition.values ?? [])]}
      options={choice.values.map((value) => ({ value: value.id, label: words(value.title) }))}
      showSearch={{ optionFilterProp: 'label' }}
      onChange={(values) => change({ ...condition, values })}
    />
  );
}
