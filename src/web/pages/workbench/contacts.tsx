import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import type { Contact } from './answers.ts';

/** What was done, newest first; a mistake is reversed and stays to be read. */
export function Contacts({ customerId, contacts }: { customerId: string; contacts: readonly Contact[] }) {
  const { t } = useTranslation();
  const [reversing, setReversing] = useState<Contact>();
  return (
    <Section title={t('workbench.contacts')}>
      {contacts.length === 0 && <p className="quiet">{t('workbench.contactsNone')}</p>}
      <ul className="plain-list contacts">
        {contacts.map((contact) => (
          <li key={contact.contactId} className={contact.reversed === null ? '' : 'contact-reversed'}>
            <div className="line">
              <span>
                {contact.on} · {t(`workbench.channels.${contact.channel}`)} · {t(`workbench.outcomes.${contact.outcome}`)}
              </span>
              <span className="quiet">{contact.staff?.name}</span>
            </div>
            {contact.note !== '' && <div className="contact-note">{contact.note}</div>}
            {contact.next !== null && <div className="quiet small">{t('workbench.nextOn', contact.next)}</div>}
            {contact.reversed !== null && <div className="quiet small">{t('workbench.reversed', contact.reversed)}</div>}
            {contact.may.includes('reverse') && (
              <Button type="link" size="small" onClick={() => setReversing(contact)}>
                {t('workbench.reverse')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {reversing && <Reverse customerId={customerId} contactId={reversing.contactId} close={() => setReversing(undefined)} />}
    </Section>
  );
}

function Reverse({ customerId, contactId, close }: { customerId: string; contactId: string; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ words: string }>();
  const reverse = useMutation({
    mutationFn: async ({ words }: { words: string }) =>
      unwrap(
        await api.POST('/api/customers/{id}/contacts/{contactId}/reverse', {
          params: { path: { id: customerId, contactId } },
          body: { words },
        }),
      ),
    onSuccess: async (work) => {
      queries.setQueryData(['work', customerId], work);
      close();
      for (const key of ['workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('workbench.reverseTitle')}
      okText={t('workbench.reverse')}
      cancelText={t('cancel')}
      confirmLoading={reverse.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={420}
    >
      <p className="quiet">{t('workbench.reverseText')}</p>
      <Form form={form} layout="vertical" onFinish={(wish) => reverse.mutate(wish)}>
        <Form.Item
          name="words"
          label={t('workbench.words')}
          rules={[{ required: true, min: 2, message: t('workbench.wordsMissing') }]}
        >
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
