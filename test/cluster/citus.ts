import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { projectFile } from '../../src/platform/files.ts';

/** Starts a coordinator and two workers on loopback; lies beside the project where it was set up. */
const PROGRAM = resolve(projectFile('.'), '../shared/citus/cluster');

export function clusterIsThere(): boolean {
  return existsSync(PROGRAM) && process.getuid?.() === 0;
}

export interface ClusterDatabase {
  readonly ownerUrl: string;
  readonly drop: () => Promise<void>;
}

/** A database of one's own on all three nodes, made a cluster of. A cluster that was up before stays up: others use it. */
export async function clusterDatabase(name: string): Promise<ClusterDatabase> {
  const wasUp = await isUp();
  const up = spawnSync(PROGRAM, ['up'], { encoding: 'utf8' });
  const coordinator = /postgres:\/\/\S+/.exec(up.stdout)?.[0];
  if (coordinator === undefined) throw new Error(`cluster up: ${up.stdout}${up.stderr}`);
  const nodes = await nodesOf(coordinator);
  for (const node of nodes) {
    await onNode(node, 'postgres', `drop database if exists ${name} with (force)`, `create database ${name}`);
    await onNode(node, name, 'create extension citus');
  }
  const [first, ...workers] = nodes.map((node) => new URL(node));
  if (first === undefined) throw new Error('the cluster has no node');
  await onNode(
    first.href,
    name,
    `select citus_set_coordinator_host('${first.hostname}', ${first.port})`,
    ...workers.map((worker) => `select citus_add_node('${worker.hostname}', ${worker.port})`),
  );
  return {
    ownerUrl: urlOf(first.href, name),
    drop: async () => {
      for (const node of nodes) await onNode(node, 'postgres', `drop database if exists ${name} with (force)`);
      if (!wasUp) spawnSync(PROGRAM, ['down']);
    },
  };
}

async function isUp(): Promise<boolean> {
  const { stdout } = spawnSync(PROGRAM, ['url'], { encoding: 'utf8' });
  return onNode(stdout.trim(), 'postgres', 'select 1').then(
    () => true,
    () => false,
  );
}

function urlOf(node: string, database: string): string {
  const url = new URL(node);
  url.pathname = `/${database}`;
  return url.href;
}

/** Addresses of all nodes, the coordinator's first. */
async function nodesOf(coordinator: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: coordinator });
  await client.connect();
  try {
    const { rows } = await client.query<{ host: string; port: number }>(
      'select nodename as host, nodeport as port from pg_dist_node order by groupid',
    );
    return rows.map(({ host, port }) => {
      const url = new URL(coordinator);
      url.host = `${host}:${port}`;
      return url.href;
    });
  } finally {
    await client.end();
  }
}

async function onNode(node: string, database: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(node, database) });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
