import { PhoneOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Space } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useWords } from '../../ui/hooks.ts';
import { isTyping } from '../../ui/keys.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { AppointmentsCard } from '../calendar/card.tsx';
import { RecordSale } from '../ledgers/record-sale.tsx';
import { OutreachCard } from '../outreach/card.tsx';
import type { Work } from './answers.ts';
import { Contacts } from './contacts.tsx';
import { FollowUps } from './follow-ups.tsx';
import { ProfileCard } from './profile.tsx';
import { QuickResults } from './quick.tsx';
import { RecordContact } from './record.tsx';

export function useWork(customerId: string) {
  return useQuery({
    queryKey: ['work', customerId],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/work', { params: { path: { id: customerId } } })),
  });
}

/** The customer beside the queue: why, what is known, what was said. */
export function WorkPane({ customerId, name }: { customerId: string; name: string }) {
  const { t } = useTranslation();
  return (
    <div className="pane">
      <div className="section-head">
        <h2>
          {name} <span className="quiet">{customerId}</span>
        </h2>
        <Link to="/customers/$id" params={{ id: customerId }}>
          {t('workbench.open')}
        </Link>
      </div>
      <CustomerWork customerId={customerId} name={name} />
    </div>
  );
}

/** Follow-ups, profile and contacts of a customer, on the workbench and on the customer's page. */
export function CustomerWork({ customerId, name }: { customerId: string; name: string }) {
  const work = useWork(customerId);
  return <Loaded query={work}>{(data) => <WorkOf customerId={customerId} name={name} work={data} />}</Loaded>;
}

function WorkOf({ customerId, name, work }: { customerId: string; name: string; work: Work }) {
  const { t } = useTranslation();
  const words = useWords();
  const [recording, setRecording] = useState(false);
  const may = work.may.includes('record');
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'c' || !may || isTyping(event)) return;
      event.preventDefault();
      setRecording(true);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [may]);
  return (
    <>
      <Section
        title={t('workbench.followUps')}
        extra={
          may && (
            <Space>
              <RecordSale customerId={customerId} name={name} />
              <Button type="primary" icon={<PhoneOutlined />} onClick={() => setRecording(true)}>
                {t('workbench.record')} <kbd className="wide">c</kbd>
              </Button>
            </Space>
          )
        }
      >
        {work.band !== null && <Alert className="band-move" type="info" showIcon title={words(work.band)} />}
        {may && <QuickResults customerId={customerId} work={work} />}
        <FollowUps customerId={customerId} work={work} />
      </Section>
      <ProfileCard customerId={customerId} work={work} />
      <AppointmentsCard customerId={customerId} name={name} may={may} />
      <OutreachCard customerId={customerId} name={name} />
      <Contacts customerId={customerId} contacts={work.contacts} />
      {recording && <RecordContact customerId={customerId} name={name} work={work} close={() => setRecording(false)} />}
    </>
  );
}
