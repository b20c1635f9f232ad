import { account } from './zh/account.ts';
import { apiDocs } from './zh/api-docs.ts';
import { audit } from './zh/audit.ts';
import { calendar } from './zh/calendar.ts';
import { customers } from './zh/customers.ts';
import { deputies } from './zh/deputies.ts';
import { exports } from './zh/exports.ts';
import { feeds } from './zh/feeds.ts';
import { frame } from './zh/frame.ts';
import { groups } from './zh/groups.ts';
import { handover } from './zh/handover.ts';
import { ledgers } from './zh/ledgers.ts';
import { meeting } from './zh/meeting.ts';
import { notices } from './zh/notices.ts';
import { organisation } from './zh/organisation.ts';
import { outreach } from './zh/outreach.ts';
import { overview } from './zh/overview.ts';
import { plans } from './zh/plans.ts';
import { portfolios } from './zh/portfolios.ts';
import { rights } from './zh/rights.ts';
import { runs } from './zh/runs.ts';
import { schemes } from './zh/schemes.ts';
import { teams } from './zh/teams.ts';
import { transfers } from './zh/transfers.ts';
import { visits } from './zh/visits.ts';
import { workbench } from './zh/workbench.ts';

/** Chinese comes first: every key is born here. */
export const zh = {
  ...frame,
  outreach,
  overview,
  exports,
  feeds,
  schemes,
  runs,
  plans,
  portfolios,
  calendar,
  customers,
  rights,
  transfers,
  deputies,
  handover,
  ledgers,
  meeting,
  notices,
  organisation,
  audit,
  apiDocs,
  account,
  workbench,
  groups,
  teams,
  visits,
};

/** What a translation must hold: the same keys, other words. */
export type Translation<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Translation<T[Key]> };
