import { InputNumber } from 'antd';
import { formatAmount, parseAmount } from './amount.ts';

interface Props {
  readonly label: string;
  /** 元 or 户, after the number. */
  readonly unit: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly change: (value: number | null) => void;
  readonly prefix?: string;
  readonly placeholder?: string;
  readonly wrong?: boolean;
}

/** A whole number with separators and its unit; 21万 may be typed for 210,000. */
export function AmountInput({ label, unit, value, min, max, step, change, prefix, placeholder, wrong = false }: Props) {
  return (
    <InputNumber<number | string>
      size="small"
      className="amount-input"
      aria-label={label}
      value={value}
      {...{ min, max, step }}
      suffix={value === null ? '' : unit}
      {...(prefix === undefined ? {} : { prefix })}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(wrong ? { status: 'error' as const } : {})}
      formatter={formatAmount}
      parser={parseAmount}
      onChange={(changed) => change(typeof changed === 'number' ? changed : null)}
    />
  );
}
