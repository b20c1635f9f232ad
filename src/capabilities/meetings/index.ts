// The door of meetings for what composes the night.
export { keepUnitDays } from './service/unit-days.ts';
