import { Command, CommanderError } from 'commander';
import { type Environment, languageOf, loadConfig } from '../platform/config.ts';
import { COMMANDS } from './cli/commands.ts';
import { makeDeps } from './cli/deps.ts';
import { EXIT, openOutput, tellFailure } from './cli/output.ts';

/** Runs one command line and gives its exit code: 0 done, 1 fault, 2 refused. A command sets `process.exitCode` to end with 1 itself. */
export async function main(args: readonly string[], env: Environment = process.env): Promise<number> {
  const out = openOutput(languageOf(env), args.includes('--json'), process);
  try {
    const deps = makeDeps(loadConfig(env, process.cwd()), env, out, () => new Date());
    const program = new Command('guanhu')
      .description(out.pick({ zh: '管户:谁来照看每一位客户', en: 'Guanhu: who looks after each customer' }))
      .exitOverride();
    const wanted = COMMANDS.filter((entry) => entry.name === args[0]);
    for (const entry of wanted.length > 0 ? wanted : COMMANDS) (await entry.load()).register(program, deps);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    // Commander has already printed the help or its complaint.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.refused;
    return tellFailure(error, out, process);
  }
}
