import type { rights as zh } from '../zh/rights.ts';
import type { Translation } from '../zh.ts';

export const rights: Translation<typeof zh> = {
  title: 'Rights over personal data',
  report: 'Report to the person',
  ok: 'Write down',
  words: 'What for, or on what ground',
  wordsHint: 'Such as: asked for in writing at the outlet',
  wordsMissing: 'Say what for, in four characters or more',
  field: 'What to correct',
  fieldMissing: 'Choose what to correct',
  value: 'What is right',
  valueMissing: 'Say what is right',
  commandLine: 'command line',
  agreed: 'the bank’s system has it right',
  restricted: 'Restricted since {{on}}: no marketing, no full numbers shown.',
  held: 'Legal hold since {{on}}: nothing is erased.',
  erased: 'Identity erased on {{on}}; figures and records stay and point at nobody.',
  resent:
    'On {{on}} a file brought the identity again; it was not taken: erase it in the bank’s system too, and use a new number for a new customer.',
  notErasable: {
    held: 'Cannot be erased now: a legal hold stands.',
    'still-customer': 'Cannot be erased now: still a customer.',
    'law-keeps': 'Cannot be erased now: the anti-money-laundering law keeps it until {{until}}.',
  },
  consent: {
    marketing: { withdraw: 'Withdraw consent to marketing', give: 'Consent to marketing again', withdrawn: 'No marketing.' },
    profiling: {
      withdraw: 'Withdraw consent to profiling',
      give: 'Consent to profiling again',
      withdrawn: 'No profiling and no recommendations.',
    },
  },
  kind: {
    correct: 'Correct',
    restrict: 'Restrict',
    release: 'Lift the restriction',
    hold: 'Legal hold',
    unhold: 'Lift the legal hold',
    erase: 'Erase the identity',
    appeal: 'Appeal',
  },
  hint: {
    report: 'The report holds everything unmasked, for the person alone; making it is recorded.',
    consent: 'Counts at once, in every list.',
    correct: 'Counts once another person agrees, and until the bank’s system has it right.',
    restrict: 'Counts at once; lifting it takes another person.',
    release: 'Lifted once another person agrees.',
    hold: 'Counts at once; lifting it takes another person.',
    unhold: 'Lifted once another person agrees.',
    erase: 'Done once another person agrees, and for good; balances and records stay and point at nobody.',
    appeal: 'Another person looks into it and answers.',
  },
  state: { requested: 'waits', done: 'done', rejected: 'rejected', withdrawn: 'withdrawn' },
  decide: { approve: 'Agree', reject: 'Reject', withdraw: 'Withdraw' },
};
