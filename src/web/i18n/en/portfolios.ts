import type { portfolios as zh } from '../zh/portfolios.ts';
import type { Translation } from '../zh.ts';

export const portfolios: Translation<typeof zh> = {
  answer: '{{unit}}: {{covered}} customers covered with {{assets}}; {{due}} due ({{rate}}).',
  plain: 'Portfolios: how many customers and assets each person has, and how much room.',
  filter: { unit: 'Unit', role: 'Role' },
  column: {
    person: 'Manager',
    unit: 'Unit',
    customers: 'Customers',
    limit: 'At most',
    fill: 'Used',
    assets: 'Assets (10,000 CNY)',
    assetsEn: 'Assets (CNY)',
  },
  noLimit: 'no limit',
  of: '{{n}} of {{cap}}',
  unlimited: '{{n}}, no limit',
  over: 'above the initial {{initial}}',
  empty: 'Nobody here may hold a portfolio. Choose another unit or role; seats come from the scheme.',
  person: '{{name}} looks after {{n}} customers with {{assets}}.',
  personLimit: '{{name}} looks after {{n}} customers (at most {{cap}}) with {{assets}}.',
  seats: 'Seats',
  seat: 'Seat',
  customersTitle: 'Customers',
  emptyPerson: 'No customers yet. The next run or close gives some by the scheme.',
  back: 'All portfolios',
  asOf: 'As of a day',
  onDay: '{{n}} customers on {{day}}',
  onDayHint: 'Only customers who are in your scope today.',
  onDayNone: 'Nobody on that day whom you may see today.',
};
