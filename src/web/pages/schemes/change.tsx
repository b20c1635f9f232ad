import { count } from '../../ui/format.ts';

/** A change with sign and arrow: blue up, orange down, since red and green mean opposite things to different readers. */
export function Change({ by }: { by: number }) {
  if (by === 0) return null;
  return by > 0 ? <span className="change-up">↑{count(by)}</span> : <span className="change-down">↓{count(-by)}</span>;
}
