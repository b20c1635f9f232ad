import { each, eachPost, get, NO_UUID, NOWHERE, post, type Visit, visit } from './visit.ts';

/** Visits to customer groups and tags. */
export function groupVisits(customerId: string): Readonly<Record<string, Visit>> {
  return {
    listGroups: visit(get('/api/groups')),
    groupFields: visit(get('/api/groups/fields')),
    countGroup: visit(post('/api/groups/count', { rule: '{"field":"age","from":18}' })),
    makeGroup: visit(post('/api/groups', { title: '我的客群', rule: '{"field":"age","from":18}' })),
    changeGroup: visit({
      method: 'PUT',
      url: `/api/groups/${NO_UUID}`,
      payload: { title: '青年', rule: '{"field":"age","from":18}' },
    }),
    retireGroup: visit(post(`/api/groups/${NO_UUID}/retire`)),
    listGroupMembers: visit(
      get('/api/groups/youth/members?limit=200'),
      get('/api/groups/middle-aged/members?limit=200'),
      get('/api/groups/investor/members?show=entered&limit=200'),
      get('/api/groups/saver/members?limit=200'),
    ),
    listKeeps: visit(get('/api/keeps?limit=200'), get('/api/keeps?state=requested')),
    listKeepOffers: visit(get('/api/keeps/offers')),
    customerTeam: each((id) => `/api/customers/${id}/team`, customerId),
    listTeamCustomers: visit(get('/api/team-customers')),
    joinTeam: eachPost(
      (id) => `/api/customers/${id}/team`,
      () => ({ staffId: NOWHERE, may: 'see', words: '授信' }),
      customerId,
    ),
    leaveTeam: eachPost(
      (id) => `/api/customers/${id}/team/${NO_UUID}/end`,
      () => ({}),
      customerId,
    ),
    getTalentPool: visit(get('/api/talent-pool')),
    askToKeep: eachPost(
      () => '/api/keeps',
      (id) => ({ customerId: id, words: '由我培养' }),
      customerId,
    ),
    stepKeep: visit(post(`/api/keeps/${NO_UUID}/step`, { action: 'agree' })),
    customerGroups: each((id) => `/api/customers/${id}/groups`, customerId),
    setTags: {
      asks: [],
      pairs: [
        {
          foreign: { method: 'PUT', url: `/api/customers/${customerId}/tags`, payload: { tags: ['企业主'] } },
          nowhere: { method: 'PUT', url: `/api/customers/${NOWHERE}/tags`, payload: { tags: ['企业主'] } },
        },
      ],
    },
  };
}
