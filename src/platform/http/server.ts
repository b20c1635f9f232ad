import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { Looks } from '../audit/looks.ts';
import { SingleSignOn, type SsoSettings } from '../auth/sso.ts';
import type { Platform } from '../context.ts';
import { addErrorHandling } from './errors.ts';
import { addFairShare } from './fair-share.ts';
import { addHealth } from './health.ts';
import { addMetrics, type GaugeSource } from './metrics.ts';
import { mountRoute } from './mount.ts';
import { addNulGuard } from './nul.ts';
import { addPages } from './pages.ts';
import type { AnyRoute } from './route.ts';
import { addSessionHook, addSessionRoutes } from './session.ts';
import { addSignInRoutes } from './sign-in.ts';
import { addSsoRoutes } from './sso.ts';
import { readTls, socketServer, type TlsFiles } from './tls.ts';
import { UPLOAD, UPLOAD_BODY } from './upload.ts';

export interface ServerOptions {
  readonly demo: boolean;
  readonly version: string;
  /** Folder of the built pages; without one only the API answers. */
  readonly webFolder: string;
  /** What `/metrics` tells besides requests and connections. */
  readonly gauges?: readonly GaugeSource[];
  /** Without a certificate it speaks plain HTTP: on loopback, or behind a proxy on this machine. */
  readonly tls?: TlsFiles | undefined;
  /** The bank's own provider of identities. */
  readonly sso?: SsoSettings | undefined;
}

/** Requests in a minute, of somebody who has signed in and of an address that is nobody. */
const A_MINUTE = { person: 3000, nobody: 1200 };
const BODY_LIMIT = 1 << 20;
const REQUEST_MS = 600_000;
const UPLOAD_LIMIT = 8 * 2 ** 30;

/** The HTTP server with every route mounted; the caller listens. A route without its parts does not get here: it does not compile. */
export async function buildServer(
  platform: Platform,
  routes: readonly AnyRoute[],
  options: ServerOptions,
): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    serverFactory: socketServer(options.tls === undefined ? undefined : readTls(options.tls), REQUEST_MS),
    // A proxy on the same machine says from where a request came; nobody else is believed.
    trustProxy: 'loopback',
    genReqId: () => crypto.randomUUID(),
    logger: false,
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await server.register(cookie);
  await server.register(multipart, { limits: { files: 2, fileSize: UPLOAD_LIMIT, fields: 4 } });
  await server.register(rateLimit, {
    max: ({ person }) => (person === undefined ? A_MINUTE.nobody : A_MINUTE.person),
    timeWindow: '1 minute',
    // A whole office comes from one address: it counts for whoever is nobody yet. A client that has gone by now has none any more.
    keyGenerator: ({ person, ip }) => (person === undefined ? `address ${ip ?? 'gone'}` : `person ${person.staffId}`),
    allowList: ({ url }) => url.startsWith('/assets/'),
  });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: '管户 Guanhu', version: options.version, description: '分户管户：从文件到每位客户的管户人，逐户可解释。' },
      servers: [{ url: '/' }],
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'guanhu_session' } } },
    },
    transform: (route) => {
      const found = jsonSchemaTransform(route);
      return found.schema.consumes?.includes(UPLOAD) ? { ...found, schema: { ...found.schema, body: UPLOAD_BODY } } : found;
    },
  });
  addErrorHandling(server);
  addNulGuard(server);
  addMetrics(server, platform, options.gauges ?? []);
  await addPages(server, options.webFolder);
  addSessionHook(server, platform, options.demo);
  addFairShare(server, platform);
  await server.register(async (api) => {
    addSessionRoutes(api, platform, options.demo);
    addSignInRoutes(api, platform, options.demo);
    addSsoRoutes(api, platform, options.sso && new SingleSignOn(options.sso, platform.now));
    const looks = new Looks(platform.app);
    for (const route of routes) mountRoute(api, platform, looks, route);
  });
  server.get('/api/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  addHealth(server, platform);
  return server;
}
