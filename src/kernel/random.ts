/** Seeded randomness (xoshiro128**): same seed, same numbers, on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [min, max], both inclusive. */
  int(min: number, max: number): number;
  /** One element; throws on an empty list. */
  pick<T>(list: readonly T[]): T;
}

/** Mixes any text into four 32-bit words (FNV-1a with avalanche). */
function seedWords(seed: string): Uint32Array {
  const words = new Uint32Array(4);
  for (let w = 0; w < 4; w++) {
    let hash = (0x811c9dc5 ^ (w * 0x9e3779b9)) >>> 0;
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    words[w] = (hash ^ (hash >>> 16) ^ (w + 1)) >>> 0;
  }
  return words;
}

/** A generator for the seed. Give independent parts of a job their own seed text (`"42:customers"`). */
export function seededRandom(seed: string): Random {
  const s = seedWords(seed);
  const rotl = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0;
  const word = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const result = Math.imul(rotl(Math.imul(b, 5) >>> 0, 7), 9) >>> 0;
    const t = (b << 9) >>> 0;
    const c1 = (c ^ a) >>> 0;
    const d1 = (d ^ b) >>> 0;
    s[1] = (b ^ c1) >>> 0;
    s[0] = (a ^ d1) >>> 0;
    s[2] = (c1 ^ t) >>> 0;
    s[3] = rotl(d1, 11);
    return result;
  };
  for (let i = 0; i < 16; i++) word();
  const next = () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (list) => {
      const item = list[Math.floor(next() * list.length)];
      if (item === undefined) throw new RangeError('pick from an empty list');
      return item;
    },
  };
}
