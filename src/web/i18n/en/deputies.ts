import type { deputies as zh } from '../zh/deputies.ts';
import type { Translation } from '../zh.ts';

export const deputies: Translation<typeof zh> = {
  empty: 'Nobody stands in for anybody. When somebody is away for a while a head proposes a deputy, and another head decides.',
  absent: 'Absent',
  deputy: 'Deputy',
  days: 'From – to',
  words: 'Reason',
  by: 'Proposed / decided by',
  stateTitle: 'State',
  state: { proposed: 'Waits', approved: 'Approved', refused: 'Refused', ended: 'Ended', over: 'Over' },
  line: '{{deputy}} for {{absent}}',
  propose: 'Propose a deputy',
  send: 'Send for approval',
  text: 'On these days the deputy may switch and then sees and does what the absent person may; the audit has the deputy’s own name, and for whom. Both belong to one branch; 93 days at most.',
  step: { approve: 'Approve', refuse: 'Refuse', end: 'End' },
  ask: {
    approve: 'Let {{deputy}} stand in for {{absent}}?',
    refuse: 'Refuse that {{deputy}} stands in for {{absent}}?',
    end: 'End {{deputy}}’s standing in for {{absent}}, at once?',
  },
  done: { propose: 'Sent; another head decides', approve: 'Approved', refuse: 'Refused', end: 'Ended' },
  acting: 'Standing in for {{name}} until {{until}}',
  back: 'Be myself again',
  mayAct: 'You may stand in for:',
  actFor: '{{name}} (until {{until}})',
};
