/** A message as the bank's gateway needs it: with the number in the clear. */
export interface Outgoing {
  readonly messageId: string;
  readonly customerId: string;
  readonly channel: string;
  readonly purpose: string;
  readonly name: string;
  readonly mobile: string | null;
  readonly words: string;
}

/**
 * What carries messages out of the bank's walls: a file for the gateway, or another way that a bank adds. It may be given the same list
 * again after a kill, under the same id; only handOver calls it, after the gate.
 */
export interface OutreachAdapter {
  readonly deliver: (list: { readonly id: string; readonly messages: readonly Outgoing[] }) => Promise<void>;
}
