import { Button } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useSession } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { BandSeats } from './band-seats.tsx';
import { Change } from './change.tsx';
import {
  changeLimit,
  dueOf,
  type Histogram,
  type LadderBand,
  limitsContradict,
  moveBorder,
  movesBetween,
  setBorder,
} from './ladder.ts';
import { LadderPlot } from './ladder-plot.tsx';
import { SaveDialog } from './save-dialog.tsx';

/** The ladder and its seats, to try other borders and limits on; nothing is kept until it is saved under a name. */
export function LadderDesk({
  scheme,
  saved,
  histogram,
}: {
  scheme: Answer<'getScheme'>;
  saved: readonly LadderBand[];
  histogram: Histogram;
}) {
  const { t } = useTranslation();
  const permitted = useSession().data?.permissions.includes('bank.schemes') ?? false;
  const [draft, setDraft] = useState<readonly LadderBand[]>(saved);
  const [saving, setSaving] = useState(false);
  const shown = useDeferredValue(draft);
  const contradicts = draft.some((band) => band.seats.some(limitsContradict));
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  return (
    <Section title={t('schemes.ladder')}>
      <p className="quiet small ladder-hint">{t('schemes.ladderHint')}</p>
      <div className="ladder-desk">
        <LadderPlot bins={histogram.bins} bands={draft} move={(index, fen) => setDraft((now) => moveBorder(now, index, fen))} />
        <BandSeats
          histogram={histogram}
          saved={saved}
          draft={shown}
          setBorder={(band, fen) => setDraft((now) => setBorder(now, band, fen))}
          setLimit={(band, seat, which, value) => setDraft((now) => changeLimit(now, band, seat, which, value))}
        />
      </div>
      {changed && (
        <div className="unsaved" role="status">
          <Unsaved saved={saved} draft={shown} bins={histogram.bins} />
          {contradicts && <span className="tag-risk">{t('schemes.limitOrder')}</span>}
          <span className="spring" />
          <Button onClick={() => setDraft(saved)}>{t('schemes.reset')}</Button>
          {permitted && (
            <Button type="primary" disabled={contradicts} onClick={() => setSaving(true)}>
              {t('schemes.saveAs')}
            </Button>
          )}
        </div>
      )}
      {saving && <SaveDialog scheme={scheme} saved={saved} draft={draft} close={() => setSaving(false)} />}
    </Section>
  );
}

function Unsaved({
  saved,
  draft,
  bins,
}: {
  saved: readonly LadderBand[];
  draft: readonly LadderBand[];
  bins: Histogram['bins'];
}) {
  const { t } = useTranslation();
  const due = dueOf(draft, bins);
  return (
    <span>
      {t('schemes.unsaved', { n: count(movesBetween(saved, draft, bins)), due: count(due) })}{' '}
      <Change by={due - dueOf(saved, bins)} />
    </span>
  );
}
