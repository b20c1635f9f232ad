/** Clean-ups that must also happen when the process is told to stop. */
const pending = new Set<() => Promise<void>>();
let listening = false;
let service: (() => void) | undefined;

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Registers a clean-up. The returned function runs it (once) on the normal way out. */
export function onStop(cleanUp: () => Promise<void>): () => Promise<void> {
  listen();
  const once = async () => {
    if (pending.delete(once)) await cleanUp();
  };
  pending.add(once);
  return once;
}

/** For a service: resolves when it is told to stop, and leaves closing to the caller. A second signal ends the process at once. */
export function stopRequested(): Promise<void> {
  listen();
  return new Promise((resolve) => {
    service = resolve;
  });
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => (service ? service() : void stopAll(code)));
}

/** Newest first: what was opened last is closed first. */
async function stopAll(code: number): Promise<never> {
  for (const cleanUp of [...pending].reverse()) {
    await cleanUp().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  }
  process.exit(code);
}
