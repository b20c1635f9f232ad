// The door of the feed engine for capabilities that take feeds.
export { rowsOf } from './duck.ts';
export { orderFiles, parseFeedFileName } from './reading/file-names.ts';
export { closeReader } from './reading/index.ts';
export { listImports } from './reads.ts';
export { feedRoutes } from './routes.ts';
export { needImport } from './service/accept.ts';
export { cleanUp } from './service/clean.ts';
export type { Desk, Trial, UndoEffect } from './service/desk.ts';
export { forgetUntaken } from './service/forget.ts';
export { writeMendWorkbook } from './service/mend.ts';
export { resealArchive, resealProblems, whileNoFeeds } from './service/reseal.ts';
export { takeFile } from './service/take.ts';
export { previewUndo, undoImport } from './service/undo.ts';
export { SHAPES } from './shapes.ts';
export { holdAgain, openHeld, takeHeld } from './store.ts';
export { batchesOf, flagCell, numberCell, textCell } from './stream.ts';
export { type Applying, type BadRow, type FeedTaker, type Rows, reportBad } from './taker.ts';
