import { z } from 'zod';
import { nothing } from '../http/page.ts';
import { type AnyRoute, defineRoute, refusedWith } from '../http/route.ts';
import { confirmPassword } from './account.ts';
import { endKey, GRANTABLE, GRANTABLES, keysOf, makeKey } from './token.ts';

const words = z.object({ permission: z.string(), zh: z.string(), en: z.string() });
const keySchema = z.object({
  tokenId: z.string(),
  label: z.string(),
  permissions: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string(),
  usedAt: z.string().nullable(),
});

/** Keys for programs that act in one's stead. */
export const TOKEN_ROUTES: readonly AnyRoute[] = [
  defineRoute({
    method: 'GET',
    url: '/api/account/tokens',
    name: 'listTokens',
    summary: '自己的程序密钥，以及可以授予的权限',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: nothing,
    response: z.object({ items: z.array(keySchema), grantable: z.array(words) }),
    refusals: {},
    handler: async ({ platform, person }) => ({
      items: await keysOf(platform.app, person.staffId, platform.now()),
      grantable: GRANTABLES.filter((permission) => person.permissions.has(permission)).map((permission) => ({
        permission,
        ...GRANTABLE[permission],
      })),
    }),
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/tokens',
    name: 'makeToken',
    summary: '新建程序密钥：只显示一次，最长一年',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: z.strictObject({
      label: z.string().trim().min(1).max(80),
      permissions: z.array(z.enum(GRANTABLES)).min(1).max(GRANTABLES.length),
      days: z.number().int().min(1).max(365),
      password: z.string().min(1).max(512),
    }),
    response: z.object({ token: z.string() }),
    refusals: { 'password-wrong': 422, 'sign-in-shut': 429, 'not-yours-to-give': 422 },
    secret: true,
    handler: async ({ platform, actor, person }, { body: { password, ...wish } }) => {
      const problem = await confirmPassword(platform, person, password);
      if (problem !== undefined)
        return refusedWith(
          problem.code === 'sign-in-shut' ? 'sign-in-shut' : 'password-wrong',
          problem.words.zh,
          problem.words.en,
        );
      const token = await makeKey(platform, actor, person, wish);
      return token === undefined
        ? refusedWith('not-yours-to-give', '不能授予您自己没有的权限。', 'You cannot give what you may not do yourself.')
        : { token };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/tokens/:tokenId/end',
    name: 'endToken',
    summary: '作废自己的一个程序密钥',
    permission: 'session.own',
    params: z.strictObject({ tokenId: z.uuid() }),
    query: nothing,
    body: nothing,
    response: z.object({ done: z.literal(true) }),
    refusals: { 'token-unknown': 404 },
    handler: async ({ platform, actor, person }, { params }) =>
      (await endKey(platform, actor, person.staffId, params.tokenId))
        ? { done: true as const }
        : refusedWith('token-unknown', '这个密钥已经作废。', 'That key has ended already.'),
  }),
];
