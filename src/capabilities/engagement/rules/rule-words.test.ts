import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCatalogue } from './catalogue.ts';
import { assetsWords, settledWords, whenWords } from './rule-words.ts';

it('words every shipped rule in both languages, with its figures', () => {
  const read = parseCatalogue(readFileSync(new URL('../../../../follow-ups/standard.yaml', import.meta.url), 'utf8'));
  if (!('ok' in read)) throw new Error('the shipped rules have faults');
  for (const rule of read.ok.rules)
    for (const { zh, en } of [whenWords(rule.trigger), assetsWords(rule), settledWords(rule)]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
      for (const figure of Object.values(rule.trigger))
        if (typeof figure === 'number' && figure < 1000) expect(`${whenWords(rule.trigger).zh}`).toContain(String(figure));
    }
});

it('says a range of assets from either end', () => {
  const [rule] = (() => {
    const read = parseCatalogue(readFileSync(new URL('../../../../follow-ups/standard.yaml', import.meta.url), 'utf8'));
    return 'ok' in read ? read.ok.rules : [];
  })();
  if (rule === undefined) throw new Error('no rule');
  const of = (from?: number, below?: number) =>
    assetsWords({
      ...rule,
      ...(from === undefined ? { assets_from_yuan: undefined } : { assets_from_yuan: from }),
      ...(below === undefined ? { assets_below_yuan: undefined } : { assets_below_yuan: below }),
    }).zh;
  expect([of(), of(200_000), of(undefined, 500_000), of(200_000, 500_000)]).toEqual([
    '全部',
    '20 万元起',
    '50 万元以下',
    '20 万元至 50 万元',
  ]);
});
