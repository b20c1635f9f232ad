import type { ReactNode } from 'react';
import './page.css';

/** A page opens with its answer as a sentence, and the one thing to do beside it. */
export function Page({ answer, action, children }: { answer: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="answer">{answer}</h1>
        {action !== undefined && <div className="page-action">{action}</div>}
      </div>
      {children}
    </div>
  );
}

/** A titled block of a page, set off by a hairline. */
export function Section({ title, extra, children }: { title: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  );
}
