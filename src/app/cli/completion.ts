import type { Command } from 'commander';
import { refuse } from '../../kernel/refusal.ts';
import { addCommand, type Deps } from './deps.ts';

/** Commands complete by name, everything after them as files: that is what they take. */
function scriptFor(shell: string, names: string): string {
  if (shell === 'bash') {
    return `_guanhu() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names}" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _guanhu guanhu`;
  }
  if (shell === 'zsh') return `#compdef guanhu\n_arguments '1:command:(${names})' '*:file:_files'`;
  if (shell === 'fish') return `complete -c guanhu -n __fish_use_subcommand -f -a '${names}'`;
  return refuse(
    'unknown-shell',
    `不支持 ${shell}：请选 bash、zsh 或 fish。`,
    `${shell} is not supported: choose bash, zsh or fish.`,
  );
}

export function register(program: Command, { commands, out }: Deps): void {
  addCommand(program, out, 'completion', { zh: '输出 shell 补全脚本', en: 'print the shell completion script' }, [
    'source <(guanhu completion bash)',
  ])
    .argument('<shell>', 'bash | zsh | fish')
    .action((shell: string) => {
      const script = scriptFor(shell, commands.join(' '));
      out.result({ shell, script }, [script]);
    });
}
