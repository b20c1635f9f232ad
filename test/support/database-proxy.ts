import { connect, createServer, type Socket } from 'node:net';

/** Stands between the service and its database, and cuts the line where a test says. */
export interface DatabaseProxy {
  /** A URL of the database that leads through here. */
  readonly through: (url: string) => string;
  /** Where the database is now. */
  readonly leadTo: (url: string) => void;
  /** Cuts the next connection that sends COMMIT: before the database sees it, or after it has answered. */
  readonly cutAtCommit: (when: 'before' | 'after') => void;
  /** Cuts everything that is open, and whatever comes until `leadTo`. */
  readonly cutAll: () => void;
  readonly close: () => Promise<void>;
}

const COMMIT = Buffer.from('COMMIT\0');

export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  let target: URL | undefined = new URL(url);
  let cut: 'before' | 'after' | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => undefined);
    if (target === undefined) return void client.destroy();
    const database = connect(Number(target.port), target.hostname);
    database.on('error', () => client.destroy());
    database.on('close', () => client.destroy());
    client.on('close', () => database.destroy());
    let answered = true;
    client.on('data', (data) => {
      if (cut !== undefined && data.includes(COMMIT)) {
        const when = cut;
        cut = undefined;
        if (when === 'before') return client.destroy();
        answered = false;
      }
      return database.write(data);
    });
    database.on('data', (data) => (answered ? client.write(data) : client.destroy()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  const cutAll = () => {
    target = undefined;
    for (const socket of open) socket.destroy();
  };
  return {
    through: (to) => Object.assign(new URL(to), { hostname: '127.0.0.1', port: String(address.port) }).toString(),
    leadTo: (to) => {
      target = new URL(to);
    },
    cutAtCommit: (when) => {
      cut = when;
    },
    cutAll,
    close: async () => {
      cutAll();
      await new Promise((done) => server.close(done));
    },
  };
}
