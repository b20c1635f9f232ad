import { readHere } from './read.ts';
import { readRequest } from './request.ts';

/**
 * The reading process: takes requests one after another and answers each. A file that brings it down takes no one along.
 * Ends when its parent is gone.
 */
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the parent decides when reading ends.
process.on('SIGINT', () => {});

process.on('message', (message: unknown) => {
  const request = readRequest.parse(message);
  readHere(request, (progress) => process.send?.({ progress })).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
