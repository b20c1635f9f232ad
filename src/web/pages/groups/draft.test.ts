import { expect, it } from 'vitest';
import { draftOf, ruleOf } from './draft.ts';

it('shows a flat rule as lines and writes the same rule back', () => {
  const rule = { any: [{ field: 'age', from: 18, below: 36 }, { not: { field: 'tag', in: ['企业主'] } }] };
  const draft = draftOf(JSON.stringify(rule));
  expect(draft).toMatchObject({
    match: 'any',
    conditions: [
      { negated: false, from: 18 },
      { negated: true, values: ['企业主'] },
    ],
  });
  expect(draft && JSON.parse(ruleOf(draft) ?? '')).toEqual(rule);
});

it('leaves rules within rules to their text, and unfinished lines unsaid', () => {
  expect(draftOf('{"all":[{"any":[{"field":"age","from":1}]}]}')).toBeUndefined();
  expect(ruleOf({ match: 'all', conditions: [{ key: 0, negated: false, field: 'age' }] })).toBeUndefined();
  expect(ruleOf({ match: 'all', conditions: [{ key: 0, negated: false, field: 'tag', values: [] }] })).toBeUndefined();
});
