import type { Words } from '../../kernel/refusal.ts';
import type { Platform } from '../context.ts';
import { anchorKey, readAnchors } from './anchors.ts';

/** What may be wrong with the audit; each is worded for whoever has to explain it. */
export const PROBLEMS = {
  'seal-missing': { zh: '封签缺失', en: 'the seal is missing' },
  'seal-changed': { zh: '封签被改动', en: 'the seal was changed' },
  'entry-changed': { zh: '记录被改动', en: 'an entry was changed' },
  'entry-missing': { zh: '记录缺失', en: 'an entry is missing' },
  'entry-inserted': { zh: '记录系事后插入', en: 'an entry was put in afterwards' },
  'entry-moved': { zh: '记录次序被改动', en: 'an entry was moved' },
  'entry-backdated': { zh: '记录时间被改动', en: 'an entry bears a time that cannot be true' },
  'entry-outside': { zh: '记录不属于任何封签', en: 'an entry belongs to no seal' },
  'anchor-forged': { zh: '锚点签名不符', en: 'the anchor’s signature does not hold' },
  'anchor-differs': {
    zh: '与锚点不符：封签被改写，或恢复过较早的备份',
    en: 'differs from its anchor: seals were rewritten, or an older backup was restored',
  },
  'tail-cut': {
    zh: '锚点之后的封签不见了：尾部被截断，或恢复过较早的备份',
    en: 'seals that an anchor knows are gone: the tail was cut, or an older backup was restored',
  },
  'anchor-missing': {
    zh: '锚点缺失：封签早于锚点文件的末行十分钟以上',
    en: 'an anchor is missing: the seal is older than ten minutes and none knows it',
  },
} as const satisfies Readonly<Record<string, Words>>;
export type Problem = keyof typeof PROBLEMS;

export interface Found {
  readonly problem: Problem;
  readonly sealNo: number | null;
  readonly entryId: string | null;
  readonly at: string | null;
}

export interface AuditReport {
  readonly seals: number;
  readonly entries: number;
  readonly anchors: number;
  /** Entries that have waited for a seal for over a minute; nothing may be sealing. */
  readonly unsealed: number;
  readonly problems: readonly Found[];
}

const isProblem = (text: string): text is Problem => text in PROBLEMS;
const ANCHOR_WITHIN_MS = 10 * 60_000;

/** Compares every entry with its seal, every seal with the one before it, and the seals with the signed anchors outside. */
export async function verifyAudit(platform: Platform, anchorFile = platform.anchors): Promise<AuditReport> {
  const { rows } = await platform.worker.query<{
    seal_no: number | null;
    problem: string;
    entry_id: string | null;
    at: Date | null;
  }>('select * from audit.problems()');
  const found = rows.flatMap(({ seal_no, problem, entry_id, at }) =>
    isProblem(problem) ? [{ problem, sealNo: seal_no, entryId: entry_id, at: at?.toISOString() ?? null }] : [],
  );
  const { seals, unsealed } = await sealsOf(platform);
  const anchors = readAnchors(anchorKey(platform.home), anchorFile);
  return {
    seals: seals.length,
    entries: seals.at(-1)?.total ?? 0,
    anchors: anchors.length,
    unsealed,
    problems: [...mergeMoved(found), ...againstAnchors(seals, anchors, platform.now())],
  };
}

interface SealRow {
  readonly no: number;
  readonly chain: string;
  readonly total: number;
  readonly sealed_at: Date;
}

async function sealsOf({ worker }: Platform): Promise<{ seals: readonly SealRow[]; unsealed: number }> {
  const { rows } = await worker.query<SealRow>(
    `select seal_no as no, encode(chain, 'hex') as chain, total_entries::bigint as total, greatest(sealed_at, '2000-01-01') as sealed_at
       from audit.seal order by seal_no`,
  );
  const waiting = await worker.query<{ n: number }>("select audit.unsealed('1 minute') as n");
  return { seals: rows, unsealed: waiting.rows[0]?.n ?? 0 };
}

/** What is missing under one seal and put in under another was moved. */
function mergeMoved(found: readonly Found[]): readonly Found[] {
  const idsOf = (problem: Problem) => new Set(found.filter((one) => one.problem === problem).map((one) => one.entryId));
  const [missing, inserted] = [idsOf('entry-missing'), idsOf('entry-inserted')];
  return found.flatMap((one): Found[] => {
    if (one.problem === 'entry-missing' && inserted.has(one.entryId)) return [];
    return one.problem === 'entry-inserted' && missing.has(one.entryId) ? [{ ...one, problem: 'entry-moved' }] : [one];
  });
}

function againstAnchors(seals: readonly SealRow[], anchors: ReturnType<typeof readAnchors>, now: Date): readonly Found[] {
  const byNo = new Map(seals.map((seal) => [seal.no, seal]));
  const newest = seals.at(-1);
  const found = anchors.flatMap((anchor): Found[] => {
    const seal = byNo.get(anchor.sealNo);
    const at = { sealNo: anchor.sealNo, entryId: null, at: anchor.at };
    if (!anchor.holds) return [{ problem: 'anchor-forged', ...at }];
    if (anchor.sealNo > (newest?.no ?? -1)) return [{ problem: 'tail-cut', ...at }];
    return seal?.chain === anchor.chain ? [] : [{ problem: 'anchor-differs', ...at }];
  });
  const known = Math.max(-1, ...anchors.filter(({ holds }) => holds).map(({ sealNo }) => sealNo));
  const late = seals.find(
    ({ no, sealed_at }) => no > Math.max(0, known) && now.getTime() - sealed_at.getTime() > ANCHOR_WITHIN_MS,
  );
  if (late !== undefined)
    found.push({ problem: 'anchor-missing', sealNo: late.no, entryId: null, at: late.sealed_at.toISOString() });
  return found;
}
