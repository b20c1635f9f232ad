import { Bar } from '../../ui/bar.tsx';
import { percent } from '../../ui/format.ts';

/** How far somebody is, with a mark where they should be. */
export function PlanBar({ target, done, line, label }: { target: number; done: number; line: number; label: string }) {
  const share = target === 0 ? 0 : Math.min(100, (100 * line) / target);
  return (
    <div className="plan-bar">
      <Bar part={Math.max(0, done)} whole={target} label={`${label} ${percent(done, target)}`} />
      <span className="plan-mark" style={{ left: `calc(${share}% - 1px)` }} />
    </div>
  );
}
