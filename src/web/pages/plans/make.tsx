import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, InputNumber, Modal, Radio } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText, usePhone, useWords } from '../../ui/hooks.ts';
import { kept, type Plan, typed, useFigure } from './figure.ts';

type Basis = 'shares' | 'growth';
const BASES: readonly Basis[] = ['shares', 'growth'];

/** 下达计划: a target or a growth, everybody's part beside it; who is set by hand stands, the rest balances at once. */
export function MakePlan({ plan, close }: { plan: Plan; close: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [basis, setBasis] = useState<Basis>(plan.plan?.basis ?? 'shares');
  const [target, setTarget] = useState<number | null>(plan.plan === null ? null : typed(plan.metric, plan.plan.target));
  const [growth, setGrowth] = useState<number | null>((plan.plan?.growthBp ?? 1000) / 100);
  const [fixed, setFixed] = useState<ReadonlyMap<string, number>>(
    new Map(plan.items.flatMap((row) => (row.byHand ? [[row.staff.staffId, row.target] as const] : []))),
  );
  const body = useDeferredValue({
    ...{ unit: plan.unit.id, metric: plan.metric.metric, period: plan.period, basis },
    ...(basis === 'shares'
      ? { target: Math.max(1, kept(plan.metric, target ?? 0)) }
      : { growthBp: Math.round((growth ?? 0) * 100) }),
    fixed: [...fixed].map(([staffId, part]) => ({ staffId, target: part })),
  });
  const ready = basis === 'growth' || (target ?? 0) > 0;
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
      <div className="chips">
        <Radio.Group
          optionType="button"
          aria-label={t('plans.basis')}
          value={basis}
          options={BASES.map((value) => ({ value, label: t(`plans.basisOf.${value}`) }))}
          onChange={(event) => setBasis(event.target.value === 'growth' ? 'growth' : 'shares')}
        />
        {basis === 'shares' ? (
          <InputNumber<number>
            aria-label={t('plans.target')}
            placeholder={t('plans.target')}
            value={target}
            min={0}
            precision={plan.metric.money ? 2 : 0}
            suffix={plan.metric.money ? '元' : ''}
            onChange={setTarget}
          />
        ) : (
          <InputNumber<number>
            aria-label={t('plans.growth')}
            value={growth}
            min={-50}
            max={1000}
            precision={2}
            suffix="%"
            onChange={setGrowth}
          />
        )}
      </div>
      {preview.isError && <Alert type="error" showIcon title={errorText(preview.error).text} />}
      {ready && preview.data !== undefined && !preview.isError && (
        <Parts plan={plan} preview={preview.data} fixed={fixed} setFixed={setFixed} growth={basis === 'growth'} />
      )}
    </Modal>
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
