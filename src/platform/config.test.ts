import { expect, it } from 'vitest';
import { describeConfig, languageOf, loadConfig } from './config.ts';

it('has a default for everything', () => {
  expect(loadConfig({}, '/srv')).toEqual({
    auditAnchors: undefined,
    auditMonths: 60,
    sso: undefined,
    databaseUrl: undefined,
    home: '/srv/.guanhu',
    port: 8787,
    host: '127.0.0.1',
    tls: undefined,
    log: 'warn',
    language: 'zh',
  });
});

it('takes an empty variable as unset', () => {
  expect(loadConfig({ GUANHU_PORT: '', DATABASE_URL: '' }, '/srv')).toEqual(loadConfig({}, '/srv'));
});

it.each([
  ['GUANHU_PORT', '87x'],
  ['GUANHU_PORT', '65536'],
  ['GUANHU_PORT', '-1'],
  ['GUANHU_LOG', 'loud'],
  ['GUANHU_LANG', 'fr'],
  ['GUANHU_HOST', 'a b'],
  ['DATABASE_URL', 'mysql://x/y'],
  ['DATABASE_URL', 'postgres://host'],
])('refuses %s=%s by name', (name, value) => {
  expect(() => loadConfig({ [name]: value }, '/')).toThrow(
    expect.objectContaining({ refusal: expect.objectContaining({ details: { name } }) }),
  );
});

it('takes a certificate only with its key', () => {
  const files = { GUANHU_TLS_CERT: 'cert.pem', GUANHU_TLS_KEY: '/keys/key.pem' };
  expect(loadConfig(files, '/srv').tls).toEqual({ cert: '/srv/cert.pem', key: '/keys/key.pem' });
  for (const name of ['GUANHU_TLS_CERT', 'GUANHU_TLS_KEY'])
    expect(() => loadConfig({ ...files, [name]: '' }, '/srv')).toThrow(name);
});

it('does not repeat a password, neither in a listing nor in a refusal', () => {
  const secret = 'hunter2';
  const lines = describeConfig({ DATABASE_URL: `postgres://bank:${secret}@db.example:5432/guanhu` });
  expect(lines[0]).toMatchObject({
    name: 'DATABASE_URL',
    value: 'postgres://bank:***@db.example:5432/guanhu',
    source: 'environment',
  });
  expect(() => loadConfig({ DATABASE_URL: `mysql://bank:${secret}@x/y` }, '/')).not.toThrow(secret);
});

it('speaks Chinese unless asked otherwise', () => {
  expect(languageOf({})).toBe('zh');
  expect(languageOf({ LANG: 'C.UTF-8' })).toBe('zh');
  expect(languageOf({ LANG: 'en_GB.UTF-8' })).toBe('en');
  expect(languageOf({ LANG: 'en_GB.UTF-8', GUANHU_LANG: 'zh' })).toBe('zh');
});
