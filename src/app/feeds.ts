import { followCustomers, followUnits, giveBackAssignments, takeAssignments } from '../capabilities/coverage/index.ts';
import { assignmentsTaker, type CustomersChanged, customersTaker, positionsTaker } from '../capabilities/customers/index.ts';
import { contactsTaker } from '../capabilities/engagement/index.ts';
import type { Applying, Desk } from '../capabilities/feed/index.ts';
import { salesTaker } from '../capabilities/ledgers/index.ts';
import { orgUnitsTaker, staffTaker, type UnitsChanged } from '../capabilities/organisation/index.ts';
import { keepRights } from '../capabilities/personal/index.ts';
import { productsTaker } from '../capabilities/products/index.ts';
import type { Platform } from '../platform/context.ts';
import { undoEffect } from './undo-effect.ts';
import { followNumbers } from './units-renumbered.ts';

/** Who follows when the tree of units or its numbers change, in the same transaction. */
const UNITS_CHANGED: readonly UnitsChanged[] = [followUnits, followNumbers];
/** Who follows when customers change, in the same transaction. */
const CUSTOMERS_CHANGED: readonly CustomersChanged[] = [followCustomers];
/** Who applies portfolios that exist already, and takes them back. */
const ASSIGNMENTS_SENT: readonly ((work: Applying) => Promise<void>)[] = [takeAssignments];
const ASSIGNMENTS_TAKEN_BACK: readonly ((work: Applying) => Promise<void>)[] = [giveBackAssignments];

/** The feed engine with every capability's feeds: news goes right through the lists above. */
export function feedDesk(platform: Platform): Desk {
  return {
    platform,
    takers: {
      'org-units': orgUnitsTaker(async (tx, moved) => {
        for (const follow of UNITS_CHANGED) await follow(tx, moved);
      }),
      staff: staffTaker(),
      products: productsTaker(),
      customers: customersTaker(async (tx, importId) => {
        for (const follow of CUSTOMERS_CHANGED) await follow(tx, importId);
        await keepRights(platform, tx, importId);
      }),
      positions: positionsTaker(),
      assignments: assignmentsTaker(
        async (work) => {
          for (const follow of ASSIGNMENTS_SENT) await follow(work);
        },
        async (work) => {
          for (const follow of ASSIGNMENTS_TAKEN_BACK) await follow(work);
        },
      ),
      sales: salesTaker(),
      contacts: contactsTaker(),
    },
    undoEffect: (trial) => undoEffect(platform, trial),
  };
}
