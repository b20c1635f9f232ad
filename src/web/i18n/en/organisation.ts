import type { organisation as zh } from '../zh/organisation.ts';
import type { Translation } from '../zh.ts';

export const organisation: Translation<typeof zh> = {
  answer: '{{units}} units in your scope, {{outlets}} of them outlets; {{staff}} people at work.',
  branch: 'Units of {{unit}}',
  tree: 'Units',
  staffOf: 'People of {{unit}} and below',
  column: {
    unit: 'Unit',
    level: 'Level',
    district: 'District',
    staff: 'Staff',
    id: 'Staff id',
    name: 'Name',
    role: 'Role',
    place: 'Unit',
    share: 'Share',
    hired: 'Hired',
    status: 'Status',
  },
  here: 'at work',
  left: 'left {{date}}',
  full: 'full',
  empty: 'No units yet. Send the units file (org-units) under Imports.',
  emptyStaff: 'This unit has no people. Send the staff file under Imports.',
  portfolio: 'Portfolio',
  api: 'API description',
  asOf: 'As of a day',
  closed: 'closed {{day}}',
  staffThen: 'People of {{unit}} itself',
  nobodyThen: 'Nobody worked in this unit on that day.',
  noneThen: 'Your unit was not there on {{day}}.',
};
