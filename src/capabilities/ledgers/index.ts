// The door of the ledgers for what composes feeds, exports and rights of persons.
export { eraseSales } from './service/erase.ts';
export { salesTaker } from './service/sales-feed.ts';
export { overviewTable, registerTable, salesTable } from './service/tables.ts';
export { workLogTable } from './service/work-log-table.ts';
