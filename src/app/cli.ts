import { Command, CommanderError } from 'commander';
import { Refused, refusal } from '../kernel/refusal.ts';
import { type Environment, languageOf, loadConfig } from '../platform/config.ts';
import { COMMANDS } from './cli/commands.ts';
import { makeDeps } from './cli/deps.ts';
import { EXIT, type Output, openOutput, tellFailure } from './cli/output.ts';

/** Runs one command line and gives its exit code: 0 done, 1 fault, 2 refused. A command sets `process.exitCode` to end with 1 itself. */
export async function main(args: readonly string[], env: Environment = process.env): Promise<number> {
  const out = openOutput(languageOf(env), args.includes('--json'), process);
  try {
    const config = loadConfig(env, process.cwd());
    const deps = makeDeps({ config, env, out, commands: COMMANDS.map(({ name }) => name), now: () => new Date() });
    const program = makeProgram(out);
    const wanted = COMMANDS.find((entry) => entry.name === args[0]);
    if (wanted) (await wanted.load()).register(program, deps);
    // For the help and for a name that is not known, the list is enough.
    else for (const { name, summary } of COMMANDS) program.command(name).description(out.pick(summary));
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return tellUsage(error, out);
    return tellFailure(error, out, process);
  }
}

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

function makeProgram(out: Output): Command {
  const help = out.pick({ zh: '显示帮助', en: 'show help' });
  return new Command('guanhu')
    .description(out.pick({ zh: '管户：谁来照看每一位客户', en: 'Guanhu: who looks after each customer' }))
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ styleTitle: (title) => out.pick({ zh: TITLES[title] ?? title, en: title }) })
    .helpOption('-h, --help', help)
    .helpCommand(false);
}

/** Help was asked for and shown, or the command line itself is wrong. */
function tellUsage({ code, exitCode, message }: CommanderError, out: Output): number {
  if (exitCode === 0) return EXIT.ok;
  if (code === 'commander.help') return EXIT.refused;
  const what = message.replace(/^error: /, '');
  const usage = refusal('usage', `命令行有误：${what}。用 --help 查看用法。`, `Wrong command line: ${what}. See --help.`);
  return tellFailure(new Refused(usage), out, process);
}
