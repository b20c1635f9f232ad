import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendCommon } from './problem.ts';

const NONCE = '__CSP_NONCE__';
const YEAR_S = 31_536_000;

/** Security headers for every answer, and the built pages: one document for all paths, with a fresh nonce each time. */
export async function addPages(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(helmet, {
    global: true,
    enableCSPNonces: true,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // Said below, under TLS only: on loopback there is none to insist on.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  server.addHook('onRequest', async (request, reply) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    // Whatever the API answers may be about a person.
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  const index = join(folder, 'index.html');
  if (!existsSync(index)) {
    server.setNotFoundHandler((request, reply) => sendCommon(reply, request.id, 'not-found'));
    return;
  }
  const page = await readFile(index, 'utf8');
  await server.register(staticFiles, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    decorateReply: false,
  });
  server.setNotFoundHandler((request, reply) =>
    wantsPage(request) ? sendPage(page, reply) : sendCommon(reply, request.id, 'not-found'),
  );
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && !request.url.startsWith('/api/') && !request.url.startsWith('/assets/');
}

function sendPage(page: string, reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(page.replaceAll(NONCE, reply.cspNonce.style));
}
