import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Popconfirm, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, type RowOf, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useErrorText, useKeyset, useLanguage, useSession } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Failed, Loaded } from '../../ui/states.tsx';

type Keep = RowOf<'listKeeps'>;
type Offer = Answer<'listKeepOffers'>['items'][number];
type Action = Keep['may'][number];

/** 柜员名单: whom tellers raised to VIP, asked for by them and agreed to by the outlet's head; and the talent pool. */
export function Keeps() {
  const isTeller = useSession().data?.role === 'teller';
  return (
    <>
      <Pool />
      {isTeller && <Offers />}
      <Requests />
    </>
  );
}

function Pool() {
  const { t } = useTranslation();
  const pool = useQuery({ queryKey: ['keeps', 'pool'], queryFn: async () => unwrap(await api.GET('/api/talent-pool')) });
  return (
    <Section title={t('transfers.keeps.pool')}>
      <Loaded query={pool}>
        {({ at, items }) => (
          <>
            <p className="quiet">{t('transfers.keeps.text', { at })}</p>
            {items.length === 0 && <p className="quiet">{t('transfers.keeps.poolEmpty')}</p>}
            <ul className="plain-list keeps">
              {items.map(({ teller, vips, kept, waiting, inPool }) => (
                <li key={teller.staffId} className="line">
                  <span>
                    <Person person={teller} /> {inPool && <Tag>{t('transfers.keeps.inPool')}</Tag>}
                  </span>
                  <span className="quiet">
                    {[
                      t('transfers.keeps.progress', { vips: count(vips), at }),
                      t('transfers.keeps.kept', { kept: count(kept) }),
                      ...(waiting > 0 ? [t('transfers.keeps.waiting', { n: count(waiting) })] : []),
                    ].join(' · ')}
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Offers() {
  const { t } = useTranslation();
  const language = useLanguage();
  const [asked, setAsked] = useState<Offer>();
  const offers = useQuery({ queryKey: ['keeps', 'offers'], queryFn: async () => unwrap(await api.GET('/api/keeps/offers')) });
  return (
    <Section title={t('transfers.keeps.offers')}>
      <Loaded query={offers}>
        {({ items }) => (
          <>
            {items.length === 0 && <p className="quiet">{t('transfers.keeps.offersEmpty')}</p>}
            <ul className="plain-list keeps">
              {items.map((offer) => (
                <li key={offer.customerId} className="line">
                  <span>
                    {offer.name} <span className="quiet">{offer.customerId}</span>{' '}
                    <span className="quiet">
                      {t('transfers.keeps.since', {
                        on: offer.beganOn,
                        from: shortMoney(offer.beganFen, language),
                        to: shortMoney(offer.nowFen, language),
                      })}
                    </span>
                  </span>
                  <Button onClick={() => setAsked(offer)}>{t('transfers.keeps.ask')}</Button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {asked && <Ask offer={asked} close={() => setAsked(undefined)} />}
    </Section>
  );
}

function Ask({ offer, close }: { offer: Offer; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ words: string }>();
  const ask = useMutation({
    mutationFn: async ({ words }: { words: string }) =>
      unwrap(await api.POST('/api/keeps', { body: { customerId: offer.customerId, words } })),
    onSuccess: () => {
      close();
      void message.success(t('transfers.keeps.asked'));
    },
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries({ queryKey: ['keeps'] }),
  });
  return (
    <Modal
      open
      width={480}
      title={t('transfers.keeps.askTitle', { name: offer.name })}
      okText={t('transfers.keeps.ask')}
      cancelText={t('cancel')}
      confirmLoading={ask.isPending}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" onFinish={(wish) => ask.mutate(wish)}>
        <Form.Item
          name="words"
          label={t('transfers.keeps.words')}
          rules={[{ required: true, whitespace: true, min: 2, message: t('transfers.keeps.wordsMissing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} placeholder={t('transfers.keeps.wordsHint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Requests() {
  const { t } = useTranslation();
  const list = useKeyset(['keeps', 'list'], async (after) =>
    unwrap(await api.GET('/api/keeps', { params: { query: { limit: 50, ...(after === undefined ? {} : { after }) } } })),
  );
  return (
    <Section title={t('transfers.keeps.list')}>
      {list.error && list.rows.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
      {!list.isPending && !list.error && list.rows.length === 0 && <p className="quiet">{t('transfers.keeps.listEmpty')}</p>}
      <ul className="plain-list keeps">
        {list.rows.map((keep) => (
          <Request key={keep.keepId} keep={keep} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('state.loadMore')}
        </Button>
      )}
    </Section>
  );
}

function Request({ keep }: { keep: Keep }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <li>
      <div className="line">
        <span>
          {keep.customerName} <span className="quiet">{keep.customerId}</span> · <Person person={keep.teller} short />
        </span>
        <span className="keep-steps">
          {keep.state === 'agreed' && !keep.isVip && <Tag>{t('transfers.keeps.fallen')}</Tag>}
          <Tag>{t(`transfers.keeps.states.${keep.state}`)}</Tag>
          {keep.may.map((action) => (
            <Step key={action} keepId={keep.keepId} action={action} />
          ))}
        </span>
      </div>
      <div className="quiet small">
        {[
          t('transfers.keeps.grown', {
            on: keep.beganOn,
            from: shortMoney(keep.beganFen, language),
            to: shortMoney(keep.askedFen, language),
          }),
          keep.words,
          keep.decidedBy?.name,
          keep.note,
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </li>
  );
}

function Step({ keepId, action }: { keepId: string; action: Action }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const step = useMutation({
    mutationFn: async () =>
      unwrap(await api.POST('/api/keeps/{id}/step', { params: { path: { id: keepId } }, body: { action } })),
    onSuccess: () => void message.success(t('transfers.keeps.done')),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries({ queryKey: ['keeps'] }),
  });
  return (
    <Popconfirm
      title={t('transfers.keeps.stepAsk', { action: t(`transfers.keeps.${action}`) })}
      okText={t(`transfers.keeps.${action}`)}
      cancelText={t('cancel')}
      onConfirm={() => step.mutate()}
    >
      <Button type={action === 'agree' ? 'primary' : 'default'} loading={step.isPending}>
        {t(`transfers.keeps.${action}`)}
      </Button>
    </Popconfirm>
  );
}
