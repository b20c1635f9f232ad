import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readFeedFile } from '../../src/capabilities/feed/reading/index.ts';
import { readInProcess } from '../../src/capabilities/feed/reading/reader-process.ts';
import { SHAPES } from '../../src/capabilities/feed/shapes.ts';
import { expectRead, expectRefused, filePath, readContent, readPath, runDuck, TODAY } from './support.ts';

const HEAD = '客户号,网点,产品代码,余额\n';
const GOOD = 'C1,O1,D1,100.00\n';
const NAME = 'positions-2026-06-30.csv';

async function parquet(select: string, spoil: (data: Buffer) => Buffer = (data) => data) {
  const path = filePath('positions-2026-06-30.parquet');
  await runDuck(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  writeFileSync(path, spoil(readFileSync(path)));
  return readPath('positions', path, { fileName: 'positions-2026-06-30.parquet' });
}

const ROW = `SELECT 'C1' AS customer_id, 'O1' AS outlet_id, 'D1' AS product_code`;

describe('Parquet files that are refused', () => {
  it('balances as floating numbers and identifiers as blobs, each named', async () => {
    expectRefused(
      await parquet(`SELECT 'C1'::BLOB AS customer_id, 'O1' AS outlet_id, 'D1' AS product_code, 1.5::DOUBLE AS balance`),
      [
        { code: 'parquet-type', column: 'customer_id', text: 'BLOB' },
        { code: 'parquet-type', column: 'balance', text: 'DOUBLE' },
      ],
    );
  });
  it('four decimals', async () => {
    expectRefused(await parquet(`${ROW}, 1.2345::DECIMAL(18,4) AS balance`), [
      { code: 'parquet-type', column: 'balance', text: 'DECIMAL(18,4)' },
    ]);
  });
  it('a missing column', async () => {
    expectRefused(await parquet(ROW), [{ code: 'header-column-missing', column: 'balance' }]);
  });
  it('a damaged footer', async () => {
    expectRefused(await parquet(`${ROW}, 1.00 AS balance`, (data) => data.subarray(0, -20)), [{ code: 'parquet-broken' }]);
  });
  it('damaged pages', async () => {
    const many = `SELECT 'C' || range AS customer_id, 'O1' AS outlet_id, 'D1' AS product_code, 1.00::DECIMAL(18,2) AS balance FROM range(5000)`;
    const spoilt = await parquet(many, (data) =>
      Buffer.concat([data.subarray(0, 4), Buffer.alloc(200, 0xff), data.subarray(204)]),
    );
    expectRefused(spoilt, [{ code: 'parquet-broken' }]);
  });
});

describe('things that are no files', () => {
  it('links, folders and pipes are not opened', async () => {
    const place = filePath(NAME);
    symlinkSync('/etc/passwd', place);
    expectRefused(await readPath('positions', place, { fileName: NAME }), [{ code: 'file-unreadable' }]);
    const folder = filePath(NAME);
    mkdirSync(folder);
    expectRefused(await readPath('positions', folder, { fileName: NAME }), [{ code: 'file-unreadable' }]);
    const pipe = filePath(NAME);
    execFileSync('mkfifo', [pipe]);
    expectRefused(await readPath('positions', pipe, { fileName: NAME }), [{ code: 'file-unreadable' }]);
    expectRefused(await readPath('positions', filePath('none.csv'), { fileName: NAME }), [{ code: 'file-unreadable' }]);
  });

  it('a name with signs that mean patterns elsewhere is read as that file alone', async () => {
    expect(expectRead(await readContent('positions', HEAD + GOOD, { diskName: 'a*[1]?.csv' })).rows).toBe(1);
  });

  it('an unreadable control file refuses the file', async () => {
    const path = filePath(NAME);
    writeFileSync(path, HEAD + GOOD);
    writeFileSync(`${path}.ctl`, 'rows=1\n合计=x\n');
    expectRefused(await readPath('positions', path, { fileName: NAME }), [
      { code: 'control-unreadable', line: 2, text: '合计=x' },
    ]);
    writeFileSync(`${path}.ctl`, 'rows=1\nbalance=100.00\n');
    expectRead(await readPath('positions', path, { fileName: NAME }));
  });
});

/** The reading processes of this test. */
function readers(): number[] {
  const tasks = `/proc/${process.pid}/task`;
  const children = readdirSync(tasks).flatMap((task) =>
    readFileSync(join(tasks, task, 'children'), 'utf8')
      .trim()
      .split(' '),
  );
  return children.map(Number).filter((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('reading/child'));
}

describe('limits', () => {
  it('a file larger than any limit is refused by its size alone', async () => {
    const path = filePath(NAME);
    writeFileSync(path, HEAD);
    truncateSync(path, 17 * 1024 ** 3);
    expectRefused(await readPath('positions', path, { fileName: NAME }), [{ code: 'file-too-large' }]);
  });

  it('a file that needs more memory than is allowed is refused', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `C${i},王小明${i}\n`).join('');
    expectRefused(await readContent('customers', `客户号,姓名\n${rows}`, { memoryMb: 5 }), [{ code: 'reader-memory' }]);
  });

  it('a reading that takes too long is stopped', async () => {
    const path = filePath(NAME);
    writeFileSync(path, HEAD + GOOD.repeat(800_000));
    const folder = dirname(path);
    const about = {
      feed: 'positions',
      folder,
      revision: 1,
      delta: false,
      tolerateBp: 0,
      businessDateMax: TODAY,
      memoryMb: 700,
    } as const;
    const outcome = await readInProcess({ path, fileName: NAME, ...about }, { bytes: 1, seconds: 0.05 });
    expectRefused(outcome, [{ code: 'reader-timeout' }]);
  });
});

describe('the reading process', () => {
  const big = () => {
    const path = filePath(NAME);
    writeFileSync(path, HEAD + GOOD.repeat(800_000));
    return path;
  };
  const options = { fileName: NAME, shape: SHAPES.positions, businessDateMax: TODAY };

  it('takes no one along when it is killed, and the next file gets a new one', async () => {
    const path = big();
    const outcome = await readFeedFile({
      ...options,
      path,
      workDir: dirname(path),
      onProgress: () => {
        for (const pid of readers()) process.kill(pid, 'SIGKILL');
      },
    });
    expectRefused(outcome, [{ code: 'reader-crashed' }]);
    expect(readdirSync(dirname(path))).toEqual([NAME]);
    expectRead(await readContent('positions', HEAD + GOOD));
  });

  it('ends when reading is cancelled', async () => {
    const path = big();
    const abort = new AbortController();
    const outcome = await readFeedFile({
      ...options,
      path,
      workDir: dirname(path),
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    expectRefused(outcome, [{ code: 'reader-cancelled' }]);
  });

  it('notices a file that grows while it is read', async () => {
    const path = big();
    let grown = false;
    const outcome = await readFeedFile({
      ...options,
      path,
      workDir: dirname(path),
      onProgress: () => {
        if (!grown) appendFileSync(path, GOOD);
        grown = true;
      },
    });
    expectRefused(outcome, [{ code: 'file-changed' }]);
  });

  it('stops a bomb of 10 MB that would unpack to 10 GB within seconds, and leaves nothing behind', async () => {
    const path = filePath(`${NAME}.gz`);
    const block = gzipSync(Buffer.alloc(64 << 20, 0x41));
    // Members of a gzip file follow one another.
    writeFileSync(path, Buffer.concat(new Array<Buffer>(160).fill(block)));
    const start = performance.now();
    expectRefused(await readFeedFile({ ...options, path, workDir: dirname(path) }), [{ code: 'archive-bomb' }]);
    expect(performance.now() - start).toBeLessThan(4000);
    expect(readdirSync(dirname(path))).toEqual([`${NAME}.gz`]);
  });
});
