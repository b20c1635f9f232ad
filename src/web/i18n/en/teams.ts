import type { teams as zh } from '../zh/teams.ts';

export const teams: typeof zh = {
  title: 'Flexible team',
  none: 'No members yet. Colleagues of other roles in the branch can serve this customer together.',
  may: { see: 'reads only', work: 'also records contacts and the profile' },
  since: 'since {{from}}',
  join: 'Add a member',
  who: 'Member',
  whoMissing: 'Choose a member',
  part: 'May',
  words: 'Part',
  wordsHint: 'For instance: credit, corporate business',
  wordsMissing: 'Say what for, two characters at least',
  joined: 'Added',
  end: 'End',
  endAsk: '{{name}} will see this customer no more. End it?',
  ended: 'Ended',
  mine: 'Customers whose team I am in',
};
