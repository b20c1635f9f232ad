import type { apiDocs as zh } from '../zh/api-docs.ts';
import type { Translation } from '../zh.ts';

export const apiDocs: Translation<typeof zh> = {
  answer: '{{n}} operations, all under /api; these pages use no others.',
  lead: 'For machines (OpenAPI {{version}}):',
  find: 'Find by path or words',
  parameters: 'Parameters',
  body: 'Request',
  answers: 'Answers',
  required: 'required',
  in: { path: 'path', query: 'query', header: 'header', cookie: 'cookie' },
  none: 'No such operation. Try another word.',
  group: {
    session: 'Session',
    account: 'Accounts and tokens',
    demo: 'Demo',
    feeds: 'Feeds',
    organisation: 'Organisation',
    overview: 'Overview',
    customers: 'Customers',
    portfolios: 'Portfolios',
    transfers: 'Transfers',
    runs: 'Runs',
    schemes: 'Schemes',
    other: 'Other',
  },
};
