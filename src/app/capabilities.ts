import { APPOINTMENT_ROUTES } from '../capabilities/appointments/routes.ts';
import { AUDIT_ROUTES } from '../capabilities/audit/routes.ts';
import { COVERAGE_ROUTES } from '../capabilities/coverage/routes/index.ts';
import { DISCLOSURE_ROUTES } from '../capabilities/disclosure/index.ts';
import { ENGAGEMENT_ROUTES } from '../capabilities/engagement/routes.ts';
import { feedRoutes } from '../capabilities/feed/index.ts';
import { GROUP_ROUTES } from '../capabilities/groups/routes.ts';
import { INSIGHT_ROUTES } from '../capabilities/insight/routes.ts';
import { LEDGER_ROUTES } from '../capabilities/ledgers/routes.ts';
import { MEETING_ROUTES } from '../capabilities/meetings/routes.ts';
import { ORGANISATION_ROUTES } from '../capabilities/organisation/index.ts';
import { OUTREACH_ROUTES } from '../capabilities/outreach/routes.ts';
import { PERSONAL_ROUTES } from '../capabilities/personal/index.ts';
import { PLAN_ROUTES } from '../capabilities/plans/routes.ts';
import { VISIT_ROUTES } from '../capabilities/visits/routes.ts';
import { ACCOUNT_ROUTES } from '../platform/auth/routes.ts';
import type { AnyRoute } from '../platform/http/route.ts';
import { NOTICE_ROUTES } from '../platform/notice/routes.ts';
import { feedDesk } from './feeds.ts';

/** Every route of every capability, in the order in which news flows. */
export const ROUTES: readonly AnyRoute[] = [
  ...ACCOUNT_ROUTES,
  ...NOTICE_ROUTES,
  ...feedRoutes(feedDesk),
  ...ORGANISATION_ROUTES,
  ...COVERAGE_ROUTES,
  ...GROUP_ROUTES,
  ...APPOINTMENT_ROUTES,
  ...ENGAGEMENT_ROUTES,
  ...VISIT_ROUTES,
  ...OUTREACH_ROUTES,
  ...INSIGHT_ROUTES,
  ...LEDGER_ROUTES,
  ...PLAN_ROUTES,
  ...MEETING_ROUTES,
  ...DISCLOSURE_ROUTES,
  ...AUDIT_ROUTES,
  ...PERSONAL_ROUTES,
];
