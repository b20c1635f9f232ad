import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Modal, Select, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';

type Of = Answer<'customerGroups'>;

/** Which groups a customer is and was in, and the free words on them. */
export function GroupsCard({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const of = useQuery({
    queryKey: ['customer-groups', customerId],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/groups', { params: { path: { id: customerId } } })),
  });
  return (
    <Section
      title={t('groups.card')}
      extra={of.data?.may.includes('tag') && <Button onClick={() => setEditing(true)}>{t('groups.tagsEdit')}</Button>}
    >
      <Loaded query={of}>
        {(data) => (
          <>
            <p>
              {data.tags.length === 0 && <span className="quiet">{t('groups.tagsNone')}</span>}
              {data.tags.map(({ tag, on, by }) => (
                <Tag key={tag} title={[on, by?.name].filter(Boolean).join(' ')}>
                  {tag}
                </Tag>
              ))}
            </p>
            <Stays groups={data.groups} />
            {editing && (
              <EditTags customerId={customerId} tags={data.tags.map(({ tag }) => tag)} close={() => setEditing(false)} />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Stays({ groups }: { groups: Of['groups'] }) {
  const { t } = useTranslation();
  const words = useWords();
  if (groups.length === 0) return <p className="quiet">{t('groups.none')}</p>;
  return (
    <ul className="plain-list">
      {groups.map(({ groupId, title, from, to }) => (
        <li key={`${groupId} ${from}`} className="line">
          <Link to="/groups/$id" params={{ id: groupId }}>
            {words(title)}
          </Link>
          <span className="quiet">{to === null ? t('groups.since', { from }) : t('groups.until', { from, to })}</span>
        </li>
      ))}
    </ul>
  );
}

function EditTags({ customerId, tags, close }: { customerId: string; tags: readonly string[]; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [words, setWords] = useState<string[]>([...tags]);
  const save = useMutation({
    mutationFn: async () =>
      unwrap(await api.PUT('/api/customers/{id}/tags', { params: { path: { id: customerId } }, body: { tags: words } })),
    onSuccess: (data) => {
      queries.setQueryData(['customer-groups', customerId], data);
      void message.success(t('groups.saved'));
      close();
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      width={420}
      title={t('groups.tagsEdit')}
      okText={t('groups.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onCancel={close}
      onOk={() => save.mutate()}
    >
      <p className="quiet">{t('groups.tagsText')}</p>
      <Select<string[]>
        mode="tags"
        className="tags-select"
        aria-label={t('groups.tags')}
        placeholder={t('groups.tagHint')}
        maxCount={10}
        value={words}
        onChange={(values) => setWords(values.map((one) => one.trim().slice(0, 12)).filter((one) => one !== ''))}
      />
    </Modal>
  );
}
