import { both, each, eachPost, get, NO_UUID, NOWHERE, post, type Visit, visit } from './visit.ts';

/** Visits to plans: of units and people, of no customer. */
export function planVisits(foreignUnit: string): Readonly<Record<string, Visit>> {
  const asked = { metric: 'sales', period: '2026-06' };
  const wish = { ...asked, basis: 'shares', target: 100 };
  const team = { teamId: NO_UUID, name: '一组', leader: NOWHERE, members: [NOWHERE] };
  return {
    getPlan: both(
      visit(get('/api/plans?metric=sales&period=2026-06')),
      each((id) => `/api/plans?metric=assets&period=2026-06&unit=${id}`, foreignUnit),
    ),
    previewPlan: eachPost(
      () => '/api/plans/preview',
      (id) => ({ ...wish, unit: id }),
      foreignUnit,
    ),
    makePlan: eachPost(
      () => '/api/plans',
      (id) => ({ ...wish, unit: id }),
      foreignUnit,
    ),
    keepMinutes: eachPost(
      () => '/api/meeting/minutes',
      (id) => ({ minutesId: NO_UUID, unit: id, kind: 'week', words: '纪要' }),
      foreignUnit,
    ),
    listActions: visit(get('/api/meeting/actions')),
    stepAction: visit(post(`/api/meeting/actions/${NO_UUID}/step`, { step: 'done' })),
    listMyPlans: visit(get('/api/plans/mine')),
    listPlanTeams: both(
      visit(get('/api/plan-teams')),
      each((id) => `/api/plan-teams?unit=${id}`, foreignUnit),
    ),
    makePlanTeam: eachPost(
      () => '/api/plan-teams',
      (id) => ({ ...team, unit: id }),
      foreignUnit,
    ),
    endPlanTeam: visit(post(`/api/plan-teams/${NO_UUID}/end`)),
  };
}

/** Visits to the ledgers: what is sold to customers, and what was done in a day. */
export function ledgerVisits(customerId: string, managerId: string): Readonly<Record<string, Visit>> {
  const shares = { seller: 10_000, referrer: 0, claimer: 0, coverer: 0 };
  return {
    ledgerOverview: visit(get('/api/ledgers/overview?limit=200')),
    ledgerCustomers: both(
      visit(get('/api/ledgers/customers?limit=200')),
      each((id) => `/api/ledgers/customers?staff=${id}`, managerId),
    ),
    ledgerSales: both(
      visit(get('/api/ledgers/sales?limit=200'), get('/api/ledgers/sales?all=yes&category=fund')),
      each((id) => `/api/ledgers/sales?staff=${id}`, managerId),
    ),
    recordSale: eachPost(
      (id) => `/api/customers/${id}/sales`,
      () => ({ saleId: NO_UUID, productCode: NOWHERE, amountFen: 1 }),
      customerId,
    ),
    listCorrections: visit(get('/api/ledgers/corrections?limit=200'), get('/api/ledgers/corrections?waiting=yes')),
    askCorrection: eachPost(
      (id) => `/api/customers/${id}/sales/${NO_UUID}/corrections`,
      () => ({ correctionId: NO_UUID, reverse: false, shares, words: '归属有误' }),
      customerId,
    ),
    stepCorrection: eachPost(
      (id) => `/api/customers/${id}/corrections/${NO_UUID}/step`,
      () => ({ step: 'agree' }),
      customerId,
    ),
    getWorkLog: both(
      visit(get('/api/ledgers/work-log')),
      each((id) => `/api/ledgers/work-log?on=2026-06-30&staff=${id}`, managerId),
    ),
    writeWorkLog: visit(post('/api/ledgers/work-log', { entryId: NO_UUID, on: '2026-06-30', kind: 'memo', words: '备忘' })),
    reverseWorkLog: visit(post(`/api/ledgers/work-log/${NO_UUID}/reverse`)),
  };
}
