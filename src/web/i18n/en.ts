import { account } from './en/account.ts';
import { apiDocs } from './en/api-docs.ts';
import { audit } from './en/audit.ts';
import { calendar } from './en/calendar.ts';
import { customers } from './en/customers.ts';
import { deputies } from './en/deputies.ts';
import { exports } from './en/exports.ts';
import { feeds } from './en/feeds.ts';
import { frame } from './en/frame.ts';
import { groups } from './en/groups.ts';
import { handover } from './en/handover.ts';
import { ledgers } from './en/ledgers.ts';
import { meeting } from './en/meeting.ts';
import { notices } from './en/notices.ts';
import { organisation } from './en/organisation.ts';
import { outreach } from './en/outreach.ts';
import { overview } from './en/overview.ts';
import { plans } from './en/plans.ts';
import { portfolios } from './en/portfolios.ts';
import { rights } from './en/rights.ts';
import { runs } from './en/runs.ts';
import { schemes } from './en/schemes.ts';
import { teams } from './en/teams.ts';
import { transfers } from './en/transfers.ts';
import { visits } from './en/visits.ts';
import { workbench } from './en/workbench.ts';
import type { Translation, zh } from './zh.ts';

export const en: Translation<typeof zh> = {
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
