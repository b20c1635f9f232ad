import './charts.css';

/** A thin bar to scale: the covered part solid, the rest open. */
export function Bar({ part, whole, label }: { part: number; whole: number; label: string }) {
  const share = whole === 0 ? 0 : Math.min(1, part / whole);
  return (
    <svg className="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <rect className="bar-whole" x="0" y="0" width="100" height="6" />
      <rect className="bar-part" x="0" y="0" width={100 * share} height="6" />
    </svg>
  );
}
