import type { Command } from 'commander';
import type { Words } from '../../kernel/refusal.ts';
import { sealAndAnchor } from '../../platform/audit/seals.ts';
import type { Config } from '../../platform/config.ts';
import { openPlatform, type Platform } from '../../platform/context.ts';
import { ensureDatabase } from '../../platform/embedded/index.ts';
import { giveWay } from '../../platform/give-way.ts';
import { onStop } from './interrupt.ts';
import type { Output } from './output.ts';

/** What a command may need. Each command file exports `register(program, deps)`. */
export interface Deps {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  /** Names of all commands. */
  readonly commands: readonly string[];
  readonly now: () => Date;
  /** Runs `work` on a ready database and leaves it afterwards, also when it fails or is interrupted. */
  readonly withPlatform: <T>(work: (platform: Platform) => Promise<T>) => Promise<T>;
}

export function makeDeps(base: Omit<Deps, 'withPlatform'>): Deps {
  const { config, out, now } = base;
  return { ...base, withPlatform: (work) => withPlatform(config, out, now, work) };
}

async function withPlatform<T>(
  config: Config,
  out: Output,
  now: () => Date,
  work: (platform: Platform) => Promise<T>,
): Promise<T> {
  const database = await ensureDatabase(config, 'command', out.say);
  const leave = onStop(() => database.stop());
  try {
    const platform = await openPlatform(config.home, database.ownerUrl, now, config.auditAnchors);
    try {
      giveWay(platform, database.embedded);
      const result = await work(platform);
      await sealAndAnchor(platform);
      return result;
    } finally {
      await platform.close();
    }
  } finally {
    await leave();
  }
}

/** A command with what all share: words in the chosen language, `--json`, an example in its help. */
export function addCommand(program: Command, out: Output, name: string, summary: Words, examples: readonly string[]): Command {
  const example = examples.map((line) => `  ${line}`).join('\n');
  return program
    .command(name)
    .description(out.pick(summary))
    .helpCommand(false)
    .option('--json', out.pick({ zh: '以 JSON 输出，供程序读取', en: 'print JSON for machines' }))
    .addHelpText('after', `\n${out.pick({ zh: '示例:', en: 'Examples:' })}\n${example}`);
}
