import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { AppointmentLine } from './line.tsx';
import { MakeAppointment } from './make.tsx';

/** 预约 with one customer, on the workbench and on the customer's page. */
export function AppointmentsCard({ customerId, name, may }: { customerId: string; name: string; may: boolean }) {
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const list = useQuery({
    queryKey: ['appointments', 'customer', customerId],
    queryFn: async () =>
      unwrap(await api.GET('/api/customers/{id}/appointments', { params: { path: { id: customerId } } })).items,
  });
  return (
    <Section title={t('calendar.card')} extra={may && <Button onClick={() => setMaking(true)}>{t('calendar.make')}</Button>}>
      <Loaded query={list}>
        {(items) =>
          items.length === 0 ? (
            <p className="quiet">{t('calendar.none')}</p>
          ) : (
            <ul className="plain-list">
              {items.map((one) => (
                <AppointmentLine key={one.appointmentId} appointment={one} dated />
              ))}
            </ul>
          )
        }
      </Loaded>
      {making && <MakeAppointment customerId={customerId} name={name} close={() => setMaking(false)} />}
    </Section>
  );
}
