import { sha256 } from '../../../kernel/digest.ts';
import { type AllocationInput, type AllocationResult, REASONS } from './allocation-types.ts';

const CHUNK_BYTES = 1 << 20;
const ID_BYTES_MAX = 1024;
/** Average, band, and for each of two seats staff, reason and runner-up. */
const RECORD_BYTES = 8 + 1 + 2 * (4 + 1 + 4);

/**
 * One digest for a result: SHA-256 over the staff's ids and then every customer who has a decision, in canonical order (richer
 * first, then id): id, average, band, and for both seats staff, reason and runner-up. The same for any order of the input.
 * Refuses (RangeError) customer ids of more than 256 characters.
 */
export function allocationDigest(input: AllocationInput, result: AllocationResult): string {
  const { customers, staff } = input;
  const { lead, joint } = result.seats;
  const byId = staff.map((_person, i) => i).sort((a, b) => ((staff[a]?.id ?? '') < (staff[b]?.id ?? '') ? -1 : 1));
  const ranks = new Int32Array(staff.length);
  byId.forEach((person, rank) => {
    ranks[person] = rank;
  });
  const parts = [sha256(JSON.stringify([REASONS, byId.map((person) => staff[person]?.id)]))];
  const bytes = new Uint8Array(CHUNK_BYTES);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const int32 = (value: number) => {
    view.setInt32(at, value);
    at += 4;
  };
  for (let k = 0; k < result.order.length; k++) {
    const c = result.order[k] ?? 0;
    if (lead.reason[c] === 0 && joint.reason[c] === 0) continue;
    if (at + ID_BYTES_MAX + RECORD_BYTES > CHUNK_BYTES) {
      parts.push(sha256(bytes.subarray(0, at)));
      at = 0;
    }
    at = writeId(bytes, at, customers.ids[c] ?? '');
    view.setFloat64(at, customers.averageFen[c] ?? 0);
    view.setInt8(at + 8, customers.band[c] ?? -1);
    at += 9;
    for (const seat of [lead, joint]) {
      const [now, next] = [seat.staff[c] ?? -1, seat.runnerUp[c] ?? -1];
      int32(now < 0 ? -1 : (ranks[now] ?? -1));
      bytes[at++] = seat.reason[c] ?? 0;
      int32(next < 0 ? -1 : (ranks[next] ?? -1));
    }
  }
  parts.push(sha256(bytes.subarray(0, at)));
  return sha256(parts.join('\n'));
}

/** Writes the id in UTF-8 and a closing zero; returns the position after it. */
function writeId(bytes: Uint8Array, start: number, id: string): number {
  if (id.length > 256) throw new RangeError(`customer id of ${id.length} characters`);
  let at = start;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code > 127) {
      at = start + new TextEncoder().encodeInto(id, bytes.subarray(start)).written;
      break;
    }
    bytes[at++] = code;
  }
  bytes[at] = 0;
  return at + 1;
}
