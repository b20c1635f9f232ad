import { SwapOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, DatePicker, Form, Input, Modal, Segmented, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { useRoleName } from '../../ui/person.tsx';
import { Loaded } from '../../ui/states.tsx';

type Candidates = Answer<'listCandidates'>;
type Seat = Candidates['seat'];
type Reason = Candidates['reasons'][number]['reason'];
const SEATS: readonly Seat[] = ['lead', 'joint'];
/** Stands for nobody in the choice of takers; no staff number looks like it. */
const RELEASE = '#release';

interface Wish {
  readonly to: string;
  readonly reason: Reason;
  readonly words: string;
  readonly evidence?: string;
  readonly on?: Dayjs | null;
}

/** 申请调户: for whoever may ask for one. */
export function RequestTransfer({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<SwapOutlined />} onClick={() => setOpen(true)}>
        {t('transfers.request')}
      </Button>
      {open && <Request customerId={customerId} close={() => setOpen(false)} />}
    </>
  );
}

function Request({ customerId, close }: { customerId: string; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [seat, setSeat] = useState<Seat>('lead');
  const [form] = Form.useForm<Wish>();
  const candidates = useQuery({
    queryKey: ['candidates', customerId, seat],
    queryFn: async () =>
      unwrap(await api.GET('/api/customers/{id}/candidates', { params: { path: { id: customerId }, query: { seat } } })),
  });
  const request = useMutation({
    mutationFn: async ({ to, reason, words, evidence, on }: Wish) =>
      unwrap(
        await api.POST('/api/transfers', {
          body: {
            ...{ customerId, seat, reason, words, toStaff: to === RELEASE ? null : to },
            ...(evidence === undefined || evidence.trim() === '' ? {} : { evidence }),
            ...(on ? { on: on.format('YYYY-MM-DD') } : {}),
          },
        }),
      ),
    onSuccess: async (sent) => {
      void message.success(t('transfers.requestSent'));
      close();
      await queries.invalidateQueries({ queryKey: ['transfers'] });
      await navigate({ to: '/transfers', search: { tab: 'mine', id: sent.transferId } });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('transfers.requestTitle', { name: candidates.data?.name ?? '' })}
      okText={t('transfers.requestSend')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: candidates.data === undefined || !canChange(candidates.data) }}
      confirmLoading={request.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={480}
    >
      <Segmented<Seat>
        aria-label={t('transfers.requestSeat')}
        value={seat}
        options={SEATS.map((value) => ({ value, label: t(`seat.${value}`) }))}
        onChange={(chosen) => {
          form.resetFields(['to']);
          setSeat(chosen);
        }}
      />
      <Loaded query={candidates}>
        {(data) => (
          <Form form={form} layout="vertical" onFinish={(wish) => request.mutate(wish)}>
            <Fields candidates={data} />
          </Form>
        )}
      </Loaded>
    </Modal>
  );
}

/** Whether there is anything to ask for: somebody to take the seat, or somebody to release. */
function canChange(candidates: Candidates): boolean {
  return candidates.releaseProblem === null || candidates.candidates.some((person) => person.problem === null);
}

function Fields({ candidates }: { candidates: Candidates }) {
  const { t } = useTranslation();
  const words = useWords();
  const roleName = useRoleName();
  const { current, problem, releaseProblem, reasons } = candidates;
  const takers = candidates.candidates.map((person) => {
    const { customers, atMost } = person.load;
    const load =
      atMost === null
        ? t('transfers.loadOpen', { n: count(customers) })
        : t('transfers.load', { n: count(customers), most: count(atMost) });
    const against = words(person.problem);
    return {
      value: person.staffId,
      label: [person.name, roleName(person.role), person.unitName, against === '' ? load : against].join(' · '),
      disabled: person.problem !== null,
    };
  });
  const release = { value: RELEASE, label: t('transfers.release'), disabled: releaseProblem !== null };
  return (
    <>
      <p className="quiet">
        {current === null
          ? t('transfers.requestTextNobody')
          : t('transfers.requestText', { person: t('withRole', { name: current.name, role: roleName(current.role) }) })}
      </p>
      {problem !== null && <Alert type="warning" showIcon title={words(problem)} />}
      <Form.Item
        name="to"
        label={t('transfers.requestTo')}
        rules={[{ required: true, message: t('transfers.requestToMissing') }]}
      >
        <Select showSearch={{ optionFilterProp: 'label' }} options={current === null ? takers : [...takers, release]} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('transfers.requestReason')}
        rules={[{ required: true, message: t('transfers.requestReasonMissing') }]}
      >
        <Select options={reasons.map(({ reason, text }) => ({ value: reason, label: words(text) }))} />
      </Form.Item>
      <Form.Item
        name="words"
        label={t('transfers.requestWords')}
        rules={[{ required: true, whitespace: true, message: t('transfers.requestWordsMissing') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
      <Form.Item name="on" label={t('transfers.requestOn')}>
        <DatePicker />
      </Form.Item>
      <Form.Item name="evidence" label={t('transfers.requestEvidence')}>
        <Input maxLength={500} placeholder={t('transfers.requestEvidenceHint')} />
      </Form.Item>
    </>
  );
}
