export { type ChangePreview, previewChange } from './preview.ts';
export { closedDays, customerTimeline, type Holding, holdings, lastClosedDay, type Stretch, standingAtSql } from './reads.ts';
export { type CloseHooks, closeTo } from './service.ts';
export { type ClosingVerified, type Difference, verifyClosing } from './verify.ts';
