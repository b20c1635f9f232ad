export { previewChange } from './preview.ts';
export { customerTimeline, holdings, lastClosedDay, type Stretch, standingAtSql } from './reads.ts';
export { type CloseHooks, closeTo } from './service.ts';
export { verifyClosing } from './verify.ts';
