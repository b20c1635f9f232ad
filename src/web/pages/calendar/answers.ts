import dayjs, { type Dayjs } from 'dayjs';
import { type Answer, api, unwrap } from '../../api/client.ts';

export type Appointment = Answer<'listAppointments'>['items'][number];
export type Visits = Answer<'visitsOn'>;
export type Kind = Appointment['kind'];
export const KINDS: readonly Kind[] = ['outlet', 'visit', 'phone', 'video'];

export async function loadDays(from: string, to: string): Promise<readonly Appointment[]> {
  return unwrap(await api.GET('/api/appointments', { params: { query: { from, to } } })).items;
}

const CLOCK = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

/** Hour and minute by the bank's clock. */
export const clockText = (iso: string): string => CLOCK.format(new Date(iso));
/** The day by the bank's clock. */
export const dayOf = (iso: string): string => DAY.format(new Date(iso));
export const today = (): string => dayOf(new Date().toISOString());

const WALL = 'YYYY-MM-DDTHH:mm';
/** A picker shows hours of the bank's clock, wherever the reader is: from an instant, and back to one. */
export const onTheWall = (iso: string): Dayjs => dayjs(`${dayOf(iso)}T${clockText(iso)}`);
export const instantOf = (wall: Dayjs): string => `${wall.format(WALL)}:00+08:00`;

export const km = (metres: number): string => (metres / 1000).toFixed(1);
/** Whom one could see on the way have letters, visits that are planned have numbers. */
export const letter = (n: number): string => String.fromCharCode(65 + n);
