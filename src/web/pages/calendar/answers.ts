import { type Answer, api, unwrap } from '../../api/client.ts';

export type Appointment = Answer<'listAppointments'>['items'][number];
export type Visits = Answer<'visitsOn'>;
export type Kind = Appointment['kind'];
export const KINDS: readonly Kind[] = ['outlet', 'visit', 'phone', 'video'];

export async function loadDays(from: string, to: string): Promise<readonly Appointment[]> {
  return unwrap(await api.GET('/api/appointments', { params: { query: { from, to } } })).items;
}

const CLOCK = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false });
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

/** Hour and minute by the bank's clock. */
export const clockText = (iso: string): string => CLOCK.format(new Date(iso));
/** The day by the bank's clock. */
export const dayOf = (iso: string): string => DAY.format(new Date(iso));

export const km = (metres: number): string => (metres / 1000).toFixed(1);
/** Whom one could see on the way have letters, visits that are planned have numbers. */
export const letter = (n: number): string => String.fromCharCode(65 + n);
