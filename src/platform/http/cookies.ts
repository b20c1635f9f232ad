import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

const SESSION = 'guanhu_session';
const DEVICE = 'guanhu_device';
const DEVICE_S = 180 * 86_400;
const TICKET = 'guanhu_sso';
const TICKET_S = 600;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether a host, with or without a port, is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Whether the browser asked for this machine itself. By the name it asked for, so that a proxy in front or a foreign name is seen. */
export function isLoopback(request: FastifyRequest): boolean {
  return isLoopbackHost(request.headers.host ?? '');
}

/** Plain names on loopback; else only under TLS, for this host alone, which browsers hold us to by the prefix. */
function nameOf(request: FastifyRequest, name: string): string {
  return isLoopback(request) ? name : `__Host-${name}`;
}

function optionsOf(request: FastifyRequest): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: !isLoopback(request) };
}

export function sessionToken(request: FastifyRequest): string | undefined {
  return request.cookies[nameOf(request, SESSION)];
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(nameOf(request, SESSION), token, optionsOf(request));
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(nameOf(request, SESSION), optionsOf(request));
}

/** What this browser got when somebody signed in with it before. */
export function deviceToken(request: FastifyRequest): string | undefined {
  return request.cookies[nameOf(request, DEVICE)];
}

export function setDeviceCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(nameOf(request, DEVICE), token, { ...optionsOf(request), maxAge: DEVICE_S });
}

/** Comes back with a navigation that another site began, hence lax. */
export function setTicketCookie(request: FastifyRequest, reply: FastifyReply, ticket: string): void {
  reply.setCookie(nameOf(request, TICKET), ticket, { ...optionsOf(request), sameSite: 'lax', maxAge: TICKET_S });
}

export function ticketOf(request: FastifyRequest): string | undefined {
  return request.cookies[nameOf(request, TICKET)];
}

export function clearTicketCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(nameOf(request, TICKET), { ...optionsOf(request), sameSite: 'lax' });
}
