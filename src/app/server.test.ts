import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { checkAddress } from './server.ts';

it('tells a busy port and an address that is not ours in one sentence each', async () => {
  const busy = createServer();
  const port = await new Promise<number>((done) => {
    busy.listen(0, '127.0.0.1', () => {
      const address = busy.address();
      done(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
  await expect(checkAddress({ host: '127.0.0.1', port })).rejects.toMatchObject({ refusal: { code: 'port-busy' } });
  await new Promise((done) => busy.close(done));
  await expect(checkAddress({ host: '127.0.0.1', port })).resolves.toBeUndefined();
  await expect(checkAddress({ host: '192.0.2.1', port })).rejects.toMatchObject({ refusal: { code: 'cannot-listen' } });
});
