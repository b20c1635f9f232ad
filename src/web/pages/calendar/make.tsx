import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, DatePicker, Form, Input, Modal, Radio, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, RefusedByServer, unwrap } from '../../api/client.ts';
import { useErrorText, usePhone } from '../../ui/hooks.ts';
import { type Appointment, instantOf, KINDS, type Kind, onTheWall, today } from './answers.ts';

interface Draft {
  readonly at: Dayjs;
  readonly minutes: number;
  readonly kind: Kind;
  readonly place?: string;
  readonly words?: string;
}
const LENGTHS = [15, 30, 60, 90, 120];

/** 约时间, or another time for one that is planned. A clash is told, and whoever knows of it may save all the same. */
export function MakeAppointment({
  customerId,
  name,
  moving,
  visitOn,
  close,
}: {
  customerId: string;
  name: string;
  moving?: Appointment;
  /** A visit on this day, unless it is over. */
  visitOn?: string;
  close: () => void;
}) {
  const { t } = useTranslation();
  const phone = usePhone();
  const errorText = useErrorText();
  const [form] = Form.useForm<Draft>();
  const save = useSave(customerId, moving, close);
  const clash = isClash(save.error);
  const tomorrow = dayjs(today()).add(1, 'day');
  const wished = dayjs(visitOn ?? tomorrow);
  const first = (wished.isAfter(today()) ? wished : tomorrow).hour(10).minute(0).second(0).millisecond(0);
  const kind: Kind = visitOn === undefined ? 'outlet' : 'visit';
  return (
    <Modal
      open
      title={t(moving === undefined ? 'calendar.makeTitle' : 'calendar.moveTitle', { name })}
      okText={t(clash ? 'calendar.anyway' : 'workbench.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={phone ? '100%' : 520}
    >
      {clash && <Alert className="band-move" type="warning" showIcon title={errorText(save.error).text} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ at: moving === undefined ? first : onTheWall(moving.startsAt), minutes: minutesOf(moving), kind }}
        onValuesChange={() => save.reset()}
        onFinish={(draft) => save.mutate({ draft, clashKnown: clash })}
      >
        <Form.Item name="at" label={t('calendar.at')} rules={[{ required: true, message: t('workbench.dayMissing') }]}>
          <DatePicker
            showTime={{ format: 'HH:mm', minuteStep: 15 }}
            format="YYYY-MM-DD HH:mm"
            minDate={dayjs(today())}
            inputReadOnly
          />
        </Form.Item>
        <Form.Item name="minutes" label={t('calendar.minutes')}>
          <Select options={LENGTHS.map((n) => ({ value: n, label: t('calendar.minutesOf', { n }) }))} />
        </Form.Item>
        {moving === undefined && <What />}
      </Form>
    </Modal>
  );
}

function useSave(customerId: string, moving: Appointment | undefined, close: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const appointmentId = useRef(moving?.appointmentId ?? crypto.randomUUID());
  return useMutation({
    mutationFn: async ({ draft, clashKnown }: { draft: Draft; clashKnown: boolean }) => {
      const hour = { startsAt: instantOf(draft.at), minutes: draft.minutes, clashKnown };
      const path = { id: customerId };
      if (moving === undefined) {
        const { kind, place = '', words = '' } = draft;
        const body = { appointmentId: appointmentId.current, ...hour, kind, place, words };
        return unwrap(await api.POST('/api/customers/{id}/appointments', { params: { path }, body }));
      }
      return unwrap(
        await api.POST('/api/customers/{id}/appointments/{appointmentId}/step', {
          params: { path: { ...path, appointmentId: appointmentId.current } },
          body: { step: 'move', ...hour },
        }),
      );
    },
    onSuccess: async () => {
      void message.success(t('workbench.saved'));
      close();
      await queries.invalidateQueries({ queryKey: ['appointments'] });
    },
    onError: (error) => {
      if (!isClash(error)) void message.error(errorText(error).text, 8);
    },
  });
}

function isClash(error: unknown): boolean {
  return error instanceof RefusedByServer && error.code === 'clash';
}

function minutesOf(moving: Appointment | undefined): number {
  return moving === undefined ? 30 : dayjs(moving.endsAt).diff(dayjs(moving.startsAt), 'minute');
}

function What() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="kind" label={t('workbench.channel')}>
        <Radio.Group
          className="choices"
          optionType="button"
          options={KINDS.map((value) => ({ value, label: t(`calendar.kind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="place" label={t('calendar.place')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="words" label={t('calendar.words')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </>
  );
}
