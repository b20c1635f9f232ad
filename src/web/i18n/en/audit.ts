import type { audit as zh } from '../zh/audit.ts';
import type { Translation } from '../zh.ts';

export const audit: Translation<typeof zh> = {
  answer: '{{from}} to {{to}}: {{people}} people looked at customers, {{n}} of them in a way to ask about.',
  answerNone: '{{from}} to {{to}}: {{people}} people looked at customers, nobody unusually.',
  tab: { entries: 'Entries', unusual: 'Unusual looks' },
  filter: { person: 'Staff number', customer: 'Customer number', kind: 'What', from: 'From', to: 'To' },
  export: 'Export to Excel',
  column: {
    at: 'When',
    who: 'Who',
    what: 'What',
    about: 'About',
    origin: 'From',
    details: 'Details',
    customers: 'Customers',
    outside: 'Of others',
    night: 'By night',
    exported: 'Rows exported',
    reasons: 'Why listed',
  },
  onBehalfOf: 'for {{name}}',
  empty: 'Nothing of that kind in this period.',
  emptyUnusual: 'No unusual looks in this period.',
  noSuchCustomer: 'There is no such customer, or not within your scope.',
  explain:
    'Listed is only what one should ask about: over 20 customers of others and over three times the median of the role; five looks or more between 22:00 and 6:00; 20 customers or 100 exported rows before leaving.',
  looks: 'Who looked at this customer',
  detail: {
    count: 'count',
    rows: 'rows',
    filter: 'filter',
    part: 'part',
    from: 'from',
    to: 'to',
    field: 'field',
    address: 'address',
    status: 'status',
    digest: 'digest',
  },
  unit: { customers: '{{n}}', times: '{{n}}', rows: '{{n}}' },
};
