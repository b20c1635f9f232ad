import type { Command } from 'commander';
import { exportLimit, setExportLimit } from '../../capabilities/disclosure/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, { out, withPlatform }: Deps): void {
  const summary = { zh: '查看或设定每人每天可导出的行数', en: 'show or set how many rows a person may export in a day' };
  addCommand(program, out, 'export-limit', summary, ['guanhu export-limit', 'guanhu export-limit 2000'])
    .argument('[rows]', out.pick({ zh: '0 至 50000 行', en: '0 to 50000 rows' }))
    .action(async (rows: string | undefined) => {
      const limit = await withPlatform((platform) =>
        rows === undefined ? exportLimit(platform) : setExportLimit(platform, COMMAND_LINE, rows),
      );
      out.result({ rowsADay: limit }, [
        out.pick({ zh: `每人每天可导出 ${limit} 行。`, en: `A person may export ${limit} rows in a day.` }),
      ]);
    });
}
