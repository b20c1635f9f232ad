import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Checkbox, Form, Input, Modal } from 'antd';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useLanguage, useWords } from '../../ui/hooks.ts';
import type { Group } from './answers.ts';
import { Conditions } from './conditions.tsx';
import { type Draft, draftOf, ruleOf } from './draft.ts';

const EMPTY: Draft = { match: 'all', conditions: [{ key: 0, negated: false, field: 'age' }] };
const COUNT_AFTER_MS = 400;

interface Props {
  readonly group?: Group;
  readonly mayShare: boolean;
  readonly close: () => void;
}

interface Named {
  readonly title: string;
  readonly shared?: boolean;
}

/** Builds a group's rule line by line, or as text, and counts whom it chooses while one types. */
export function Builder({ group, mayShare, close }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [form] = Form.useForm<Named>();
  const flat = group === undefined ? EMPTY : draftOf(group.rule);
  const [draft, setDraft] = useState<Draft>(flat ?? EMPTY);
  const [text, setText] = useState<string | undefined>(flat === undefined ? group?.rule : undefined);
  const rule = text ?? ruleOf(draft);
  const save = useSave(group, close);
  return (
    <Modal
      open
      width={640}
      title={group === undefined ? t('groups.make') : t('groups.edit')}
      okText={t('groups.save')}
      okButtonProps={{ disabled: rule === undefined || rule.trim().length < 2 }}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form<Named>
        form={form}
        layout="vertical"
        initialValues={{ title: group?.title[language] ?? '', shared: false }}
        onFinish={(named) => rule !== undefined && save.mutate({ ...named, rule })}
      >
        <Form.Item
          name="title"
          label={t('groups.name')}
          rules={[{ required: true, whitespace: true, min: 2, max: 30, message: t('groups.nameMissing') }]}
        >
          <Input maxLength={30} />
        </Form.Item>
        {text === undefined ? <Conditions draft={draft} change={setDraft} /> : <RuleText text={text} change={setText} />}
        {flat !== undefined && (
          <Checkbox
            checked={text !== undefined}
            onChange={({ target }) => setText(target.checked ? (ruleOf(draft) ?? '') : undefined)}
          >
            {t('groups.asText')}
          </Checkbox>
        )}
        <Counted rule={rule} />
        {mayShare && (
          <Form.Item name="shared" valuePropName="checked" extra={t('groups.sharedHint')}>
            <Checkbox>{t('groups.shared')}</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

function RuleText({ text, change }: { text: string; change: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t('groups.text')} extra={t('groups.asTextHint')} htmlFor="group-rule">
      <Input.TextArea
        id="group-rule"
        rows={8}
        maxLength={8_000}
        value={text}
        onChange={({ target }) => change(target.value)}
        className="group-text"
      />
    </Form.Item>
  );
}

function useSave(group: Group | undefined, close: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ title, shared, rule }: Named & { readonly rule: string }) =>
      group === undefined
        ? unwrap(await api.POST('/api/groups', { body: { title, rule, shared: shared ?? false } }))
        : unwrap(await api.PUT('/api/groups/{id}', { params: { path: { id: group.groupId } }, body: { title, rule } })),
    onSuccess: async (saved) => {
      void message.success(t('groups.saved'));
      close();
      await queries.invalidateQueries({ queryKey: ['groups'] });
      await navigate({ to: '/groups/$id', params: { id: saved.groupId } });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
}

/** The rule once nobody has typed for a moment. */
function useRested(rule: string | undefined): string | undefined {
  const [rested, setRested] = useState(rule);
  useEffect(() => {
    const timer = setTimeout(() => setRested(rule), COUNT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [rule]);
  return useDeferredValue(rested);
}

function Counted({ rule }: { rule: string | undefined }) {
  const { t } = useTranslation();
  const words = useWords();
  const errorText = useErrorText();
  const asked = useRested(rule);
  const ready = asked !== undefined && asked.trim().length >= 2;
  const counted = useQuery({
    queryKey: ['groups', 'count', asked],
    queryFn: async () => unwrap(await api.POST('/api/groups/count', { body: { rule: asked ?? '' } })),
    enabled: ready,
    retry: false,
  });
  const { data, error } = counted;
  return (
    <div className="group-count" role="status" aria-live="polite">
      {!ready && <span className="quiet">{t('groups.incomplete')}</span>}
      {ready && counted.isFetching && <span className="quiet">{t('groups.counting')}</span>}
      {ready && !counted.isFetching && error && <span className="danger">{errorText(error).text}</span>}
      {ready && !counted.isFetching && data && (
        <>
          <strong>{t('groups.counted', { n: count(data.customers), of: count(data.of) })}</strong>
          <div className="quiet small">{words(data.inWords)}</div>
        </>
      )}
    </div>
  );
}
