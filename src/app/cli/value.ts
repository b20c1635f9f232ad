import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { activateRates, ratesInForce, readRates, shippedRates } from '../../capabilities/insight/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { unscoped } from '../../platform/db/transaction.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out, withPlatform } = deps;
  const file = out.pick({ zh: '费率文件；不写则为随产品提供的费率', en: 'the rates; without it, those that ship' });
  const text = (path: string | undefined) => (path === undefined ? shippedRates() : readFile(path, 'utf8'));
  const command = addCommand(
    program,
    out,
    'value',
    { zh: '客户价值：检查、启用费率', en: 'customer value: check and put rates in force' },
    ['guanhu value', 'guanhu value activate rates.yaml'],
  ).action(() => show(deps));
  addCommand(command, out, 'check', { zh: '检查费率文件', en: 'check a file of rates' }, ['guanhu value check rates.yaml'])
    .argument('[file]', file)
    .action(async (path?: string) => {
      const { rates } = readRates(await text(path));
      const n = Object.keys(rates).length;
      out.result({ rates }, [out.pick({ zh: `${n} 类产品的费率，没有问题。`, en: `Rates of ${n} categories, no faults.` })]);
    });
  addCommand(command, out, 'activate', { zh: '启用费率', en: 'put rates in force' }, ['guanhu value activate rates.yaml'])
    .argument('[file]', file)
    .action(async (path?: string) => {
      const source = await text(path);
      const { version } = await withPlatform((platform) => activateRates(platform, COMMAND_LINE, source));
      out.result({ version }, [
        out.pick({ zh: `第 ${version} 版费率已启用。`, en: `Version ${version} of the rates is in force.` }),
      ]);
    });
}

async function show({ withPlatform, out }: Deps): Promise<void> {
  const stored = await withPlatform((platform) => unscoped(platform.worker, ratesInForce));
  if (stored === undefined) {
    const none = { zh: '尚未启用费率：guanhu value activate', en: 'No rates are in force: guanhu value activate' };
    return out.result({ version: null }, [out.pick(none)]);
  }
  const { version, content: rates } = stored;
  out.result({ version, rates }, [
    `${version}  ${out.pick(rates.title)}`,
    ...Object.entries(rates.rates).map(([category, rate]) => `  ${category.padEnd(16)} ${rate}`),
  ]);
}
