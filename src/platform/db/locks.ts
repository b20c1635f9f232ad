/**
 * Numbers of the advisory locks, all in one list so that no two meet: PostgreSQL knows one set of numbers a database. They never
 * change: an older version that still runs must meet the same lock. 727_010 belongs to the tests' own server.
 */
export const LOCKS = {
  migrate: 727_001,
  databaseUsers: 727_002,
  embeddedServer: 727_003,
  close: 727_006,
  schemes: 727_007,
  allocate: 727_008,
  portfolios: 727_012,
  deputies: 727_013,
  followUps: 727_014,
  groups: 727_015,
  sales: 727_016,
  plans: 727_017,
  acceptFeed: 727_020,
  feedWork: 727_021,
  // 727_030 is audit.seal_next's own.
} as const;
