import { both, each, eachPost, get, NO_UUID, type Visit, visit } from './visit.ts';

const outreachTo = (id: string) => ({
  messageId: NO_UUID,
  customerIds: [id],
  channel: 'sms',
  purpose: 'service',
  words: '到期提醒',
});

/** Visits to what is sent to customers and agreed with them. */
export function outreachVisits(customerId: string, managerId: string): Readonly<Record<string, Visit>> {
  return {
    searchProducts: visit(get('/api/products?q=')),
    listOutreach: visit(get('/api/outreach?limit=200'), get('/api/outreach?state=refused')),
    checkOutreach: eachPost(
      () => '/api/outreach/check',
      (id) => outreachTo(id),
      customerId,
    ),
    sendOutreach: eachPost(
      () => '/api/outreach',
      (id) => outreachTo(id),
      customerId,
    ),
    listAppointments: both(
      visit(get('/api/appointments?from=2026-01-01&to=2026-12-31')),
      each((id) => `/api/appointments?from=2026-01-01&to=2026-12-31&staff=${id}`, managerId),
    ),
    visitsOn: visit(get('/api/visits?on=2026-07-01')),
    calendarFeed: visit(get('/api/calendar/mine'), get(`/api/calendar/guanhu_${NO_UUID}`)),
    customerAppointments: each((id) => `/api/customers/${id}/appointments`, customerId),
    makeAppointment: eachPost(
      (id) => `/api/customers/${id}/appointments`,
      () => ({ appointmentId: NO_UUID, startsAt: '2036-07-01T09:00:00+08:00', minutes: 30, kind: 'outlet' }),
      customerId,
    ),
    stepAppointment: eachPost(
      (id) => `/api/customers/${id}/appointments/${NO_UUID}/step`,
      () => ({ step: 'keep' }),
      customerId,
    ),
    customerInsight: each((id) => `/api/customers/${id}/insight`, customerId),
    customerOutreach: each((id) => `/api/customers/${id}/outreach`, customerId),
    setDoNotContact: eachPost(
      (id) => `/api/customers/${id}/do-not-contact`,
      () => ({ stop: true, words: '客户要求勿扰' }),
      customerId,
    ),
  };
}
