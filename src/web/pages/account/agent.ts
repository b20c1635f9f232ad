const BROWSERS = [
  ['微信', /MicroMessenger\//],
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
] as const;
const SYSTEMS = [
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const;

/** A browser's own description as people would say it, or undefined when it is none that we know. */
export function agentText(agent: string): string | undefined {
  const found = [BROWSERS, SYSTEMS].flatMap((known) => known.find(([, mark]) => mark.test(agent))?.[0] ?? []);
  return found.length === 0 ? undefined : found.join(' · ');
}
