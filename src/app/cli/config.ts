import type { Command } from 'commander';
import { describeConfig } from '../../platform/config.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, { env, out }: Deps): void {
  addCommand(program, out, 'config', { zh: '列出全部设置及其来源', en: 'list every setting and where it comes from' }, [
    'guanhu config',
    'GUANHU_PORT=9000 guanhu config --json',
  ]).action(() => {
    const lines = describeConfig(env);
    const source = {
      environment: out.pick({ zh: '环境变量', en: 'environment' }),
      default: out.pick({ zh: '默认', en: 'default' }),
    };
    const width = Math.max(...lines.map((line) => line.name.length + line.value.length)) + 1;
    out.result(
      { settings: lines },
      lines.map((line) => `${`${line.name}=${line.value}`.padEnd(width)}  ${source[line.source]}  ${out.pick(line.meaning)}`),
    );
  });
}
