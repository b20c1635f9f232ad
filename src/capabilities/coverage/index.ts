// The door of coverage for the command line, the routes and what composes the night.

export { listCustomers } from './reads/customer-list.ts';
export { findCustomer, type StandingRow, scopeSql } from './reads/customers.ts';
export { findByNumber } from './reads/find-number.ts';
export { ladderInForce } from './reads/ladder.ts';
export { unitCounts } from './reads/overview.ts';
export { allUnits, type StaffRefs, staffRefOf, staffRefs, type UnitRow, unitInScope } from './reads/refs.ts';
export { type RunReport, runList, runReport } from './reads/run-report.ts';
export { customerOfTeam, mayWorkWith, seeCustomer, teamPart } from './reads/teams.ts';
export { bandTitle, tierTitle, toCustomerRow, type View, viewFor } from './reads/view.ts';
export { whoCovered } from './reads/who-covered.ts';
export { whyOf } from './reads/why.ts';
export { reasonWords } from './reads/words.ts';
export { applyRun, discardRun, unfinishedRun } from './service/apply.ts';
export { EXPORTS, exportTable } from './service/export.ts';
export { CUSTOMER_COLUMNS, customerCellsOf, tableOf } from './service/export-cells.ts';
export { followCustomers, followUnits, refreshCounts } from './service/follow.ts';
export { eraseWords, refreshCard } from './service/identity.ts';
export { refreshKeeps } from './service/keeps.ts';
export { afterDay, afterRestate } from './service/night.ts';
export { lockPeriods, setLock, stepLift } from './service/portfolio-lock.ts';
export {
  activateScheme,
  checkScheme,
  findScheme,
  listSchemes,
  presetNames,
  type StoredScheme,
  saveScheme,
} from './service/schemes.ts';
export { takeSeatNews } from './service/seats.ts';
export { simulate } from './service/simulate.ts';
export { giveBackAssignments, takeAssignments } from './service/take-over.ts';
export { headsOver } from './service/transfer-notices.ts';
export { verifyCoverage } from './service/verify.ts';
