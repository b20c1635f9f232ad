import { pinyin } from 'pinyin-pro';

/** A name as it is typed on a keyboard: `王小明` → `wangxiaoming`, `wxm`. Surnames are read as surnames (单 → shan). */
export interface Spelling {
  readonly pinyin: string;
  readonly initials: string;
}

// In names, but not in the library's tables.
const RARE: Readonly<Record<string, string>> = { '\u{20BB7}': 'ji', '\u4DAE': 'yan', '\u{2B5E7}': 'biao' };

/** Spells a name in lower case without tones; letters and digits stay, everything else goes. */
export function spell(name: string): Spelling {
  const syllables = pinyin(name, { toneType: 'none', type: 'array', surname: 'head', v: true, nonZh: 'spaced' })
    .map((part) => (RARE[part] ?? part).toLowerCase().replace(/[^a-z0-9]/g, ''))
    .filter((part) => part !== '');
  return { pinyin: syllables.join(''), initials: syllables.map((part) => part.slice(0, 1)).join('') };
}
