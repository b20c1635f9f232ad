import { createHash } from 'node:crypto';

/** SHA-256 in hex of a text or bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and no spaces: equal values give equal text. Bigints become strings; undefined keys are dropped. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString();
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** SHA-256 in hex of the canonical JSON: one digest identifies an input or a result. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
