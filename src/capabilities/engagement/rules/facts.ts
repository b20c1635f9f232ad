import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Channel, Outcome } from './contact.ts';

/** Who has one of the customer's seats, and since when. */
export interface SeatFact {
  readonly seat: 'lead' | 'joint';
  readonly staffId: string;
  readonly role: string;
  readonly since: BusinessDate;
}

/** Assets that stood from a day on, in fen; the last stretch still stands. */
export interface StretchFact {
  readonly from: BusinessDate;
  readonly assetsFen: number;
}

export interface PositionFact {
  readonly outletId: string;
  readonly productCode: string;
  readonly balanceFen: number;
  readonly maturesOn: BusinessDate | null;
}

/** A contact that stands (not reversed). */
export interface ContactFact {
  readonly contactId: string;
  readonly on: BusinessDate;
  readonly role: string;
  readonly channel: Channel;
  readonly outcome: Outcome;
  /** The day on which one promised to get in touch again. */
  readonly nextOn: BusinessDate | null;
}

/** Something that a head or a meeting asks to be done. */
export interface TaskFact {
  readonly taskId: string;
  readonly on: BusinessDate;
  readonly due: BusinessDate;
  readonly words: string;
}

/** All that the rules may know of one customer. It says nothing of the day on which it is read, except through `stretches`' last one. */
export interface Facts {
  readonly customerId: string;
  /** Lead first; nobody covers = none, and then no rule applies. */
  readonly seats: readonly SeatFact[];
  /** Oldest first, back at least 400 days or to the beginning. Empty: never had a balance. */
  readonly stretches: readonly StretchFact[];
  /** Lower limits in fen of the scheme's bands, ascending, and how its average is measured; none without a scheme in force. */
  readonly ladder: { readonly measure: 'calendar-year' | 'rolling-365'; readonly limitsFen: readonly number[] } | null;
  /** Since when the average is below the customer's band, and when the band is lost for it; null while it is not. */
  readonly below: { readonly since: BusinessDate; readonly fallsOn: BusinessDate } | null;
  readonly positions: readonly PositionFact[];
  readonly birthDate: BusinessDate | null;
  readonly family: readonly { readonly memberId: string; readonly birthDate: BusinessDate }[];
  readonly riskExpiresOn: BusinessDate | null;
  /** Oldest first. */
  readonly contacts: readonly ContactFact[];
  readonly tasks: readonly TaskFact[];
  /** When the profile became registered, and when the address was last confirmed. */
  readonly profile: { readonly registeredOn: BusinessDate | null; readonly addressOn: BusinessDate | null };
}

/** Assets today, in fen. */
export function assetsOf(facts: Facts): number {
  return facts.stretches.at(-1)?.assetsFen ?? 0;
}
