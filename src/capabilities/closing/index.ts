export { type ChangePreview, previewChange } from './preview.ts';
export { closedDays, customerTimeline, type Holding, holdings, lastClosedDay, type Stretch, standingAtSql } from './reads.ts';
export { type CloseHooks, closeTo } from './service.ts';
