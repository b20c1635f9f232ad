import { AuditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { shortMoney, yuan } from '../../ui/format.ts';
import { useLanguage, useSession, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Person, useRoleName } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { GroupsCard } from '../groups/customer-card.tsx';
import '../groups/groups.css';
import { TeamCard } from '../teams/team-card.tsx';
import { RequestTransfer } from '../transfers/request.tsx';
import { CustomerWork } from '../workbench/pane.tsx';
import '../workbench/workbench.css';
import { History } from './history.tsx';
import { Holdings } from './holdings.tsx';
import { InsightCards } from './insight.tsx';
import { Masked } from './reveal.tsx';
import { RightsCard } from './rights.tsx';
import { WhyCard } from './why-card.tsx';
import './customers.css';

import type { Customer } from './answer.ts';

const CurveChart = lazy(async () => ({ default: (await import('./curve-chart.tsx')).CurveChart }));

/** One customer: who covers and why, assets over the year, what is held, who covered before. */
export function CustomerPage() {
  const { id = '' } = useParams({ strict: false });
  const customer = useQuery({
    queryKey: ['customer', id],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}', { params: { path: { id } } })),
  });
  return <Loaded query={customer}>{(data) => <CustomerOf customer={data} />}</Loaded>;
}

function CustomerOf({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Page answer={<Headline customer={customer} />} action={<Actions customer={customer} />}>
      <div className="customer">
        <div>
          <Curve id={customer.customerId} />
          <Section
            title={t('customers.holdings')}
            extra={
              <span className="quiet" title={yuan(customer.assetsFen)}>
                {t('customers.holdingsTotal', { assets: shortMoney(customer.assetsFen, language) })}
              </span>
            }
          >
            <Holdings holdings={customer.holdings} />
          </Section>
          <InsightCards customerId={customer.customerId} />
        </div>
        <div>
          <CustomerWork customerId={customer.customerId} name={customer.name} />
          <TeamCard customerId={customer.customerId} />
          <GroupsCard customerId={customer.customerId} />
          <WhyCard id={customer.customerId} />
          <Section title={t('customers.who')}>
            <Facts customer={customer} />
          </Section>
          <RightsCard customerId={customer.customerId} />
        </div>
      </div>
      <History history={customer.history} />
    </Page>
  );
}

function Actions({ customer: { customerId, may } }: { customer: Customer }) {
  const { t } = useTranslation();
  const audits = useSession().data?.permissions.includes('audit.read') ?? false;
  return (
    <>
      {audits && (
        <Link to="/audit" search={{ customerId }}>
          <Button icon={<AuditOutlined />}>{t('audit.looks')}</Button>
        </Link>
      )}
      {may.includes('transfer') && <RequestTransfer customerId={customerId} />}
    </>
  );
}

function Headline({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const roleName = useRoleName();
  const { lead } = customer;
  const values = {
    name: customer.name,
    assets: shortMoney(customer.assetsFen, language),
    average: shortMoney(customer.averageFen, language),
    band: words(customer.bandTitle) || t('customers.noBand'),
  };
  return lead === null
    ? t('customers.nobodyCovers', values)
    : t('customers.coveredBy', { ...values, person: t('withRole', { name: lead.name, role: roleName(lead.role) }) });
}

function Curve({ id }: { id: string }) {
  const { t } = useTranslation();
  const curve = useQuery({
    queryKey: ['curve', id],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/curve', { params: { path: { id } } })),
  });
  return (
    <Section
      title={t('customers.curveTitle')}
      extra={
        curve.data && <span className="quiet">{t('customers.curveDays', { from: curve.data.from, to: curve.data.to })}</span>
      }
    >
      <Loaded query={curve}>
        {(data) =>
          data.assets.length === 0 ? (
            <Nothing>{t('customers.curveNone')}</Nothing>
          ) : (
            <Suspense fallback={<div className="curve" />}>
              <CurveChart curve={data} />
            </Suspense>
          )
        }
      </Loaded>
    </Section>
  );
}

function Facts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { lead, joint, gender, age } = customer;
  const person = (who: Customer['lead']) =>
    who === null ? (
      <Person person={null} />
    ) : (
      <Link to="/portfolios/$staffId" params={{ staffId: who.staffId }}>
        <Person person={who} />
      </Link>
    );
  const masked = (field: 'mobile' | 'idNumber' | 'address') => {
    const text = customer[field];
    return text === null ? null : (
      <Masked customerId={customer.customerId} field={field} masked={text} permitted={customer.may.includes('reveal')} />
    );
  };
  const genderText = gender === 'male' || gender === 'female' ? t(`customers.gender.${gender}`) : gender;
  const raised = customer.raisedBy
    .map(({ staff, how, on }) => t(`customers.raised.${how}`, { name: staff.name, on }))
    .join(' · ');
  const risk = [
    ...(customer.riskLevel === null ? [] : [customer.riskLevel]),
    ...(customer.riskExpiresOn === null ? [] : [t('customers.riskUntil', { on: customer.riskExpiresOn })]),
    ...customer.formerRisk.map(({ level, until }) => t('customers.riskBefore', { level, on: until })),
  ].join(' · ');
  const rows = [
    ['id', customer.customerId],
    ['name', customer.noMarketing ? `${customer.name} · ${t('customers.mark.noMarketing')}` : customer.name],
    ['gender', genderText],
    ['age', age === null ? null : t('customers.years', { age })],
    ['mobile', masked('mobile')],
    ['idNumber', masked('idNumber')],
    ['address', masked('address')],
    ['occupation', customer.occupation],
    ['risk', risk === '' ? null : risk],
    ['opened', customer.openedOn],
    ['closed', customer.closedOn],
    ['merged', customer.mergedInto],
    ['outlet', customer.outlet?.name ?? null],
    ['lead', person(lead)],
    ['joint', joint === null ? null : person(joint)],
    ['raised', raised === '' ? null : raised],
  ] as const;
  return (
    <>
      <dl className="facts">
        {rows.map(([key, value]) =>
          value === null ? null : (
            <FactRow key={key} name={t(`customers.field.${key}`)}>
              {value}
            </FactRow>
          ),
        )}
      </dl>
      <p className="quiet small">{t('customers.masked')}</p>
    </>
  );
}

function FactRow({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
