import { expect, it } from 'vitest';
import { oracleGap } from '../../../../bench/oracle-gap.ts';

it('comes close to the exact optimum on small pools', async () => {
  const gap = await oracleGap('test', 30);
  expect(gap.worstGap).toBeGreaterThanOrEqual(0);
  expect(gap.meanGap).toBeLessThan(0.01);
  expect(gap.worstGap).toBeLessThan(0.1);
});
