import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, InputNumber, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText, usePhone, useWords } from '../../ui/hooks.ts';
import { kept, type Plan, typed, useFigure } from './figure.ts';

type Basis = 'shares' | 'growth';
const BASES: readonly Basis[] = ['shares', 'growth'];

interface Draft {
  readonly basis: Basis;
  readonly target: number | null;
  readonly growth: number | null;
  readonly fixed: ReadonlyMap<string, number>;
  /** The quarters and months within it as well. */
  readonly spread: boolean;
}

/** `2026-09`. */
const MONTH_TEXT = 7;

/** A plan begins as the one in force. */
function draftOf({ plan, metric, items }: Plan): Draft {
  return {
    basis: plan?.basis ?? 'shares',
    target: plan === null ? null : typed(metric, plan.target),
    growth: (plan?.growthBp ?? 1000) / 100,
    fixed: new Map(items.flatMap((row) => (row.byHand ? [[row.staff.staffId, row.target] as const] : []))),
    spread: false,
  };
}

function bodyOf(plan: Plan, { basis, target, growth, fixed, spread }: Draft) {
  return {
    ...{ unit: plan.unit.id, metric: plan.metric.metric, period: plan.period, basis },
    ...(basis === 'shares'
      ? { target: Math.max(1, kept(plan.metric, target ?? 0)) }
      : { growthBp: Math.round((growth ?? 0) * 100) }),
    fixed: [...fixed].map(([staffId, part]) => ({ staffId, target: part })),
    spread,
  };
}

/** 下达计划: a target or a growth, everybody's part beside it; who is set by hand stands, the rest balances at once. */
export function MakePlan({ plan, close }: { plan: Plan; close: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(plan));
  const body = bodyOf(plan, draft);
  const ready = draft.basis === 'growth' || (draft.target ?? 0) > 0;
  const preview = useQuery({
    queryKey: ['plans', 'preview', body],
    queryFn: async () => unwrap(await api.POST('/api/plans/preview', { body })),
    enabled: ready,
    placeholderData: (before) => before,
  });
  const make = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/plans', { body })),
    onSuccess: async () => {
      void message.success(t('plans.madeDone'));
      close();
      await queries.invalidateQueries({ queryKey: ['plans'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('plans.title', { unit: plan.unit.name, period: plan.period, metric: words(plan.metric.title) })}
      okText={t('plans.putInForce')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !ready || preview.isError }}
      confirmLoading={make.isPending}
      onCancel={close}
      onOk={() => make.mutate()}
      width={phone ? '100%' : 640}
    >
      <HowMuch plan={plan} draft={draft} change={(change) => setDraft({ ...draft, ...change })} />
      {plan.period.length !== MONTH_TEXT && (
        <Checkbox checked={draft.spread} onChange={(event) => setDraft({ ...draft, spread: event.target.checked })}>
          {t('plans.spread')}
        </Checkbox>
      )}
      {preview.isError && <Alert type="error" showIcon title={errorText(preview.error).text} />}
      {ready && preview.data !== undefined && !preview.isError && (
        <Parts
          plan={plan}
          preview={preview.data}
          fixed={draft.fixed}
          setFixed={(fixed) => setDraft({ ...draft, fixed })}
          growth={draft.basis === 'growth'}
        />
      )}
    </Modal>
  );
}

function HowMuch({ plan, draft, change }: { plan: Plan; draft: Draft; change: (change: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  return (
    <div className="chips">
      <Radio.Group
        optionType="button"
        aria-label={t('plans.basis')}
        value={draft.basis}
        options={BASES.map((value) => ({ value, label: t(`plans.basisOf.${value}`) }))}
        onChange={(event) => change({ basis: event.target.value === 'growth' ? 'growth' : 'shares' })}
      />
      {draft.basis === 'shares' ? (
        <InputNumber<number>
          aria-label={t('plans.target')}
          placeholder={t('plans.target')}
          value={draft.target}
          min={0}
          precision={plan.metric.money ? 2 : 0}
          suffix={plan.metric.money ? '元' : ''}
          onChange={(target) => change({ target })}
        />
      ) : (
        <InputNumber<number>
          aria-label={t('plans.growth')}
          value={draft.growth}
          min={-50}
          max={1000}
          precision={2}
          suffix="%"
          onChange={(growth) => change({ growth })}
        />
      )}
    </div>
  );
}

type Preview = Answer<'previewPlan'>;

function Parts({
  plan,
  preview,
  fixed,
  setFixed,
  growth,
}: {
  plan: Plan;
  preview: Preview;
  fixed: ReadonlyMap<string, number>;
  setFixed: (fixed: ReadonlyMap<string, number>) => void;
  growth: boolean;
}) {
  const { t } = useTranslation();
  const figure = useFigure();
  const set = (id: string, part: number | null) => {
    const next = new Map(fixed);
    if (part === null) next.delete(id);
    else next.set(id, kept(plan.metric, part));
    setFixed(next);
  };
  return (
    <>
      <p className="quiet small">
        {t('plans.previewHint')} {t('plans.sum', { target: figure(plan.metric, preview.target) })}
      </p>
      <div className="plan-parts">
        <table>
          <tbody>
            {preview.items.map((row) => (
              <tr key={row.staff.staffId}>
                <td>
                  {row.staff.name} <span className="quiet small">{row.staff.unitName}</span>
                </td>
                {growth && (
                  <td className="number quiet">
                    {t('plans.lastYear')} {figure(plan.metric, row.lastYear)}
                  </td>
                )}
                <td className="number">
                  <InputNumber<number>
                    aria-label={row.staff.name}
                    value={typed(plan.metric, row.target)}
                    min={0}
                    precision={plan.metric.money ? 2 : 0}
                    changeOnWheel={false}
                    onChange={(part) => set(row.staff.staffId, part)}
                  />
                </td>
                <td>
                  {row.byHand && (
                    <Button size="small" type="link" onClick={() => set(row.staff.staffId, null)}>
                      {t('plans.release')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
