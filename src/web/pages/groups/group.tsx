import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { App, Button, Popconfirm, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useKeyset, useWords } from '../../ui/hooks.ts';
import { Page } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { CustomerList } from '../customers/customer-list.tsx';
import { ExportButton } from '../exports/export-button.tsx';
import { type Group, useGroups } from './answers.ts';
import { Builder } from './builder.tsx';
import './groups.css';

const SHOWN = ['in', 'entered', 'left'] as const;
type Shown = (typeof SHOWN)[number];

/** One group: its rule, who is in it, and who entered and left at the last close. */
export function GroupPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  return (
    <Loaded query={useGroups()}>
      {({ items }) => {
        const group = items.find(({ groupId }) => groupId === id);
        return group === undefined ? <Nothing>{t('groups.notFound')}</Nothing> : <GroupOf group={group} />;
      }}
    </Loaded>
  );
}

function GroupOf({ group }: { group: Group }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const { show } = useSearch({ strict: false });
  const shown: Shown = SHOWN.find((one) => one === show) ?? 'in';
  const { groupId } = group;
  const list = useKeyset(['groups', 'members', groupId, shown], async (after) =>
    unwrap(
      await api.GET('/api/groups/{id}/members', {
        params: { path: { id: groupId }, query: { show: shown, limit: 100, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  const values = {
    title: words(group.title),
    customers: count(group.customers),
    entered: count(group.entered),
    left: count(group.left),
  };
  return (
    <Page answer={t('groups.headline', values)} action={<Actions group={group} />}>
      <p className="quiet">
        {words(group.inWords)} · <Link to="/groups">{t('groups.back')}</Link>
      </p>
      <div className="chips">
        <Segmented<Shown>
          value={shown}
          options={SHOWN.map((value) => ({ value, label: t(`groups.show.${value}`) }))}
          onChange={(chosen) => void navigate({ to: '/groups/$id', params: { id: groupId }, search: { show: chosen } })}
        />
        {shown === 'in' && group.customers > 0 && <ExportButton of={{ kind: 'group', subject: groupId }} />}
      </div>
      <CustomerList list={list} empty={t(`groups.membersEmpty.${shown}`)} height={Math.max(360, window.innerHeight - 330)} />
    </Page>
  );
}

function Actions({ group }: { group: Group }) {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const retire = useMutation({
    mutationFn: async () =>
      unwrap(await api.POST('/api/groups/{id}/retire', { params: { path: { id: group.groupId } }, body: {} })),
    onSuccess: async () => {
      void message.success(t('groups.retired'));
      await navigate({ to: '/groups' });
      await queries.invalidateQueries({ queryKey: ['groups'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <>
      {group.may.includes('edit') && <Button onClick={() => setEditing(true)}>{t('groups.edit')}</Button>}
      {group.may.includes('retire') && (
        <Popconfirm
          title={t('groups.retireAsk', { title: words(group.title) })}
          okText={t('groups.retire')}
          cancelText={t('cancel')}
          onConfirm={() => retire.mutate()}
        >
          <Button loading={retire.isPending}>{t('groups.retire')}</Button>
        </Popconfirm>
      )}
      {editing && <Builder group={group} mayShare={false} close={() => setEditing(false)} />}
    </>
  );
}
