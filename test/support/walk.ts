import type { Cast } from './strangers.ts';
import { type Ask, both, each, eachPost, get, NO_UUID, NOWHERE, post, type Visit, visit } from './visit.ts';
import { groupVisits } from './walk-groups.ts';
import { ledgerVisits, planVisits } from './walk-ledgers.ts';
import { outreachVisits } from './walk-outreach.ts';

/** Every route by its name. `foreignUnit` is one of which whoever walks may not see the people; `importId` is a refused file whose bad rows name the customer. A route that is not here fails the walk. */
export function visitsOf(
  { customer, outletId, managerId, runId, transferId, handoverId, noticeId, batchId, exportId }: Cast,
  importId: string,
  foreignUnit: string,
): Readonly<Record<string, Visit>> {
  const search = (text: string) => get(`/api/customers/search?q=${encodeURIComponent(text)}`);
  const scheme = 'full-coverage@1';
  const kinds = ['uncovered', 'moved', 'fresh', 'released', 'kept'];
  return {
    ...{
      getAccount: visit(get('/api/account')),
      listSessions: visit(get('/api/account/sessions')),
      endSession: visit(post(`/api/account/sessions/${NO_UUID}/end`)),
      endOtherSessions: visit(post('/api/account/sessions/end-others')),
      changePassword: visit(post('/api/account/password', { current: 'x', password: 'y' })),
      beginSecondFactor: visit(post('/api/account/second-factor', { password: 'x' })),
      endSecondFactor: visit(post('/api/account/second-factor/confirm', { code: '000000' })),
      listTokens: visit(get('/api/account/tokens')),
      makeToken: visit(post('/api/account/tokens', { label: 'x', permissions: ['customers.read'], days: 1, password: 'x' })),
      endToken: visit(post(`/api/account/tokens/${NO_UUID}/end`)),
      listDeputies: visit(get('/api/deputies')),
      proposeDeputy: visit(
        post('/api/deputies', { absent: managerId, deputy: NOWHERE, from: '2026-07-01', to: '2026-07-02', words: 'x' }),
      ),
      stepDeputy: visit(post(`/api/deputies/${NO_UUID}/step`, { action: 'approve' })),
      getActing: visit(get('/api/account/acting')),
      setActing: visit(post('/api/account/acting', { absent: managerId })),
      makeAccountLink: visit(post(`/api/accounts/${managerId}/link`)),
      listNotices: visit(get('/api/notices'), get('/api/notices?unread=yes')),
      readNotice: eachPost(
        (id) => `/api/notices/${id === NOWHERE ? NO_UUID : id}/read`,
        () => ({}),
        noticeId,
      ),
      readAllNotices: visit(post('/api/notices/read-all')),
      endSessionsOf: visit(post(`/api/accounts/${NOWHERE}/end-sessions`)),
    },
    ...{
      listAuditEntries: both(
        visit(get('/api/audit/entries?limit=200')),
        each((id) => `/api/audit/entries?customerId=${id}`, customer.id),
      ),
      listAuditKinds: visit(get('/api/audit/kinds')),
      listUnusualLooks: visit(get('/api/audit/unusual')),
      exportAudit: both(
        visit(get('/api/audit/export.xlsx')),
        each((id) => `/api/audit/export.xlsx?customerId=${id}`, customer.id),
      ),
    },
    ...{
      listFeeds: visit(get('/api/feeds'), get('/api/feeds?feed=customers')),
      getFeed: visit(get(`/api/feeds/${importId}`)),
      previewFeedUndo: visit(get(`/api/feeds/${importId}/undo-preview`)),
      downloadFeedRejects: visit(get(`/api/feeds/${importId}/rejects.xlsx`)),
      sendFeed: visit(post('/api/feeds')),
      acceptFeed: visit(post(`/api/feeds/${importId}/accept`)),
      discardFeed: visit(post(`/api/feeds/${importId}/discard`)),
      undoFeed: visit(post(`/api/feeds/${importId}/undo`)),
    },
    ...{
      organisationOn: visit(get('/api/organisation/on/2026-06-30'), get('/api/organisation/on/1999-01-01')),
      listUnits: visit(get('/api/organisation/units')),
      listStaff: both(
        visit(get('/api/organisation/staff?limit=200'), get(`/api/organisation/staff?unit=${outletId}`)),
        each((id) => `/api/organisation/staff?unit=${id}`, foreignUnit),
      ),
      searchStaff: visit(
        get(`/api/organisation/staff/search?q=${managerId}`),
        get(`/api/organisation/staff/search?q=${encodeURIComponent(customer.name.slice(0, 1))}`),
        get(`/api/organisation/staff/search?q=${customer.initials}`),
      ),
      getOverview: both(
        visit(get('/api/overview')),
        each((id) => `/api/overview?unit=${id}`, outletId),
      ),
    },
    ...{
      listCustomers: both(
        visit(
          get('/api/customers?limit=200'),
          get('/api/customers?covered=no&limit=200'),
          get('/api/customers?due=yes&limit=200'),
          get('/api/customers?due=no&limit=200'),
          get('/api/customers?atRisk=no&limit=200'),
        ),
        each((id) => `/api/customers?unit=${id}`, outletId),
        each((id) => `/api/customers?staff=${id}`, managerId),
      ),
      searchCustomers: both(
        visit(search(customer.name), search(customer.initials), search(customer.last4), search(customer.name.slice(0, 1))),
        each((id) => `/api/customers/search?q=${id}`, customer.id),
      ),
      getCustomer: each((id) => `/api/customers/${id}`, customer.id),
      whyCustomer: each((id) => `/api/customers/${id}/why`, customer.id),
      getWorkbench: visit(get('/api/workbench')),
      getThemes: visit(get('/api/workbench/themes')),
      getBoard: both(
        visit(get('/api/board'), get('/api/board?kind=day')),
        each((id) => `/api/board?unit=${id}`, foreignUnit),
      ),
      getMeetingPack: both(
        visit(get('/api/meeting')),
        each((id) => `/api/meeting?unit=${id}`, foreignUnit),
      ),
      getMeetingPdf: both(
        visit(get('/api/meeting.pdf')),
        each((id) => `/api/meeting.pdf?unit=${id}`, foreignUnit),
      ),
      listFollowUpRules: visit(get('/api/follow-up-rules')),
      getTeamWork: visit(get('/api/workbench/team')),
      listFollowUps: both(
        visit(
          get('/api/follow-ups?limit=200'),
          get('/api/follow-ups?bucket=later&limit=200'),
          get('/api/follow-ups?team=yes&limit=200'),
        ),
        each((id) => `/api/follow-ups?staff=${id}`, managerId),
      ),
      ...groupVisits(customer.id),
      ...ledgerVisits(customer.id, managerId),
      ...planVisits(foreignUnit),
      customerWork: each((id) => `/api/customers/${id}/work`, customer.id),
      recordContact: eachPost(
        (id) => `/api/customers/${id}/contacts`,
        () => ({ contactId: NO_UUID, channel: 'phone', outcome: 'reached' }),
        customer.id,
      ),
      giveTask: eachPost(
        (id) => `/api/customers/${id}/tasks`,
        () => ({ taskId: NO_UUID, words: '请回访', dueOn: '2036-07-01' }),
        customer.id,
      ),
      reverseContact: eachPost(
        (id) => `/api/customers/${id}/contacts/${NO_UUID}/reverse`,
        () => ({ words: '登记有误' }),
        customer.id,
      ),
      stepFollowUp: eachPost(
        (id) => `/api/customers/${id}/follow-ups`,
        () => ({ rule: 'maturity', cause: 'x', do: { step: 'leave', words: '不再跟进' } }),
        customer.id,
      ),
      ...outreachVisits(customer.id, managerId),
      recordProfile: {
        asks: [],
        pairs: [customer.id].map((id) => ({
          foreign: { method: 'PUT', url: `/api/customers/${id}/profile`, payload: { fields: [] } },
          nowhere: { method: 'PUT', url: `/api/customers/${NOWHERE}/profile`, payload: { fields: [] } },
        })),
      },
      getPersonalReport: each(
        (id) => `/api/customers/${id}/personal-report.pdf?words=${encodeURIComponent('本人申请')}`,
        customer.id,
      ),
      getRights: each((id) => `/api/customers/${id}/rights`, customer.id),
      recordConsent: eachPost(
        (id) => `/api/customers/${id}/consent`,
        () => ({ purpose: 'marketing', given: false, words: '客户来电' }),
        customer.id,
      ),
      askForPerson: eachPost(
        (id) => `/api/customers/${id}/requests`,
        () => ({ kind: 'restrict', words: '客户申请' }),
        customer.id,
      ),
      decideForPerson: eachPost(
        (id) => `/api/customers/${id}/requests/${NO_UUID}/decide`,
        () => ({ action: 'approve' }),
        customer.id,
      ),
      revealField: both(
        eachPost(
          (id) => `/api/customers/${id}/reveal`,
          () => ({ field: 'mobile', purpose: 'contact' }),
          customer.id,
        ),
        eachPost(
          (id) => `/api/customers/${id}/reveal`,
          () => ({ field: 'idNumber', purpose: 'identity', words: '柜面核实' }),
          customer.id,
        ),
      ),
      findCustomerByNumber: both(
        visit(post('/api/customers/find', { number: customer.last4 })),
        visit(post('/api/customers/find', { number: customer.id })),
      ),
      customerCoverage: both(
        each((id) => `/api/customers/${id}/coverage`, customer.id),
        each((id) => `/api/customers/${id}/coverage?on=2026-06-30`, customer.id),
      ),
      portfolioOn: each((id) => `/api/portfolios/${id}/on/2026-06-30`, managerId),
      customerCurve: each((id) => `/api/customers/${id}/curve`, customer.id),
      listPortfolios: both(
        visit(get('/api/portfolios?limit=200')),
        each((id) => `/api/portfolios?unit=${id}`, outletId),
      ),
      getPortfolio: each((id) => `/api/portfolios/${id}`, managerId),
      requestExport: both(
        eachPost(
          () => '/api/exports',
          (id) => ({ kind: 'portfolio', subject: id, purpose: 'review', words: '梳理管户' }),
          managerId,
        ),
        eachPost(
          () => '/api/exports',
          (id) => ({ kind: 'portfolio-on', subject: `${id}@2026-06-30`, purpose: 'review', words: '梳理管户' }),
          managerId,
        ),
        eachPost(
          () => '/api/exports',
          (id) => ({ kind: 'handover', subject: id, purpose: 'handover', words: '交接清单' }),
          handoverId,
        ),
        eachPost(
          () => '/api/exports',
          (id) => ({ kind: 'run', subject: runId, unit: id, purpose: 'review', words: '梳理分户' }),
          outletId,
        ),
        visit(post('/api/exports', { kind: 'run', subject: runId, purpose: 'review', words: '梳理分户' })),
      ),
      listExports: visit(get('/api/exports?limit=200'), get('/api/exports?waiting=yes')),
      getExport: each((id) => `/api/exports/${id}`, exportId),
      fetchExport: each((id) => `/api/exports/${id}/file.xlsx`, exportId),
      ...Object.fromEntries(
        ['approve', 'reject', 'withdraw'].map((action) => [
          `${action}Export`,
          eachPost(
            (id) => `/api/exports/${id}/${action}`,
            () => (action === 'withdraw' ? {} : { note: 'x' }),
            exportId,
          ),
        ]),
      ),
    },
    ...{
      listTransfers: visit(
        get('/api/transfers?limit=200'),
        get('/api/transfers?state=requested'),
        get('/api/transfers?state=decided'),
        get('/api/transfers?mine=yes'),
      ),
      getTransfer: each((id) => `/api/transfers/${id}`, transferId),
      requestTransfer: eachPost(
        () => '/api/transfers',
        (id) => ({ customerId: id, seat: 'lead', toStaff: managerId, reason: 'other', words: 'x' }),
        customer.id,
      ),
      ...Object.fromEntries(
        ['approve', 'reject', 'withdraw'].map((action) => [
          `${action}Transfer`,
          eachPost(
            (id) => `/api/transfers/${id}/${action}`,
            () => (action === 'withdraw' ? {} : { note: 'x' }),
            transferId,
          ),
        ]),
      ),
      listCandidates: both(
        each((id) => `/api/customers/${id}/candidates`, customer.id),
        each((id) => `/api/customers/${id}/candidates?seat=joint`, customer.id),
      ),
      listTransferBatches: visit(get('/api/transfer-batches')),
      getTransferBatch: each((id) => `/api/transfer-batches/${id}`, batchId),
      checkTransferBatch: eachPost(
        () => '/api/transfer-batches/check',
        (id) => ({ rows: [{ line: 2, customerId: id, seat: 'lead', toStaff: null, reason: 'other', words: 'x' }] }),
        customer.id,
      ),
      requestTransferBatch: eachPost(
        () => '/api/transfer-batches',
        (id) => ({
          fileName: 'x',
          rows: [{ line: 2, customerId: id, seat: 'lead', toStaff: null, reason: 'other', words: 'x' }],
        }),
        customer.id,
      ),
      decideTransferBatch: eachPost(
        (id) => `/api/transfer-batches/${id}/decide`,
        () => ({ action: 'withdraw' }),
        batchId,
      ),
      listClaims: visit(get('/api/claims')),
      claimCustomer: eachPost(
        () => '/api/claims',
        (id) => ({ customerId: id }),
        customer.id,
      ),
      listLockPeriods: visit(get('/api/lock-periods')),
      setLockPeriod: visit(post('/api/lock-periods', { name: 'x', from: '2020-01-01', to: '2020-01-02' })),
      liftLockPeriod: visit(post(`/api/lock-periods/${NOWHERE}/lift`, { step: 'confirm' })),
    },
    ...{
      listHandovers: visit(get('/api/handovers?limit=200'), get('/api/handovers?state=open'), get('/api/handovers?state=done')),
      getHandover: each((id) => `/api/handovers/${id}`, handoverId),
      listHandoverItems: both(
        each((id) => `/api/handovers/${id}/items`, handoverId),
        each((id) => `/api/handovers/${id}/items?to=nobody`, handoverId),
      ),
      listSuccessors: each((id) => `/api/handovers/${id}/successors`, handoverId),
      startHandover: eachPost(
        () => '/api/handovers',
        (id) => ({ staffId: id, kind: 'leaving', onDate: '2026-06-30', words: 'x' }),
        managerId,
      ),
      ...Object.fromEntries(
        ['split', 'sign', 'approve', 'withdraw', 'return'].map((action) => [
          `${action}Handover`,
          eachPost(
            (id) => `/api/handovers/${id}/${action}`,
            () => ({}),
            handoverId,
          ),
        ]),
      ),
    },
    ...{
      listRuns: visit(get('/api/runs'), get('/api/runs?kind=full'), get('/api/runs?kind=nightly')),
      getRun: both(
        visit(get(`/api/runs/${runId}`)),
        each((id) => `/api/runs/${runId}?unit=${id}`, outletId),
      ),
      listRunPools: both(
        visit(get(`/api/runs/${runId}/pools`)),
        each((id) => `/api/runs/${runId}/pools?unit=${id}`, outletId),
      ),
      listRunDecisions: both(
        visit(...kinds.map((kind) => get(`/api/runs/${runId}/decisions?kind=${kind}&limit=200`))),
        each((id) => `/api/runs/${runId}/decisions?kind=fresh&unit=${id}`, outletId),
      ),
      simulateRun: visit(post('/api/runs', { schemeId: scheme })),
      applyRun: visit(post(`/api/runs/${runId}/apply`)),
      discardRun: visit(post(`/api/runs/${runId}/discard`)),
    },
    ...{
      listSchemes: visit(get('/api/schemes')),
      compareSchemes: visit(get(`/api/schemes/compare?a=${scheme}&b=${scheme}`)),
      getScheme: visit(get(`/api/schemes/${scheme}`)),
      saveScheme: visit(post('/api/schemes', { source: 'scheme: x' })),
      checkScheme: visit(post('/api/schemes/check', { source: 'scheme: x' })),
      simulateFollowUpRules: visit(post('/api/follow-up-rules/simulate', { source: 'rules: x' })),
      activateFollowUpRules: visit(post('/api/follow-up-rules', { source: 'rules: x' })),
      activateScheme: visit(post(`/api/schemes/${scheme}/activate`)),
      schemeHistogram: visit(get(`/api/schemes/${scheme}/histogram`)),
      backtestScheme: visit(get(`/api/schemes/${scheme}/backtest`)),
    },
  };
}

/** Whoever sends the bank's files sees the bad rows in them, to mend them, also when they see no customer otherwise. */
export const FILE_ROUTES: ReadonlySet<string> = new Set(['getFeed', 'listFeeds', 'downloadFeedRejects']);

/** Routes outside the capabilities: about the session itself. Closing it comes last, in a test of its own. */
export const SESSION_ASKS: readonly Ask[] = [
  get('/api/session'),
  get('/api/demo/people'),
  get('/api/sign-in'),
  get('/api/sso'),
  get('/api/sso/callback'),
  post('/api/session', { staffId: NOWHERE, password: 'x' }),
  post('/api/setup', { code: 'x', password: 'y' }),
];
