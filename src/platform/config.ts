import { resolve } from 'node:path';
import { z } from 'zod';
import { refuse, type Words } from '../kernel/refusal.ts';

export type Language = 'zh' | 'en';

/** Everything that can be set from outside, already checked. */
export interface Config {
  /** The bank's own PostgreSQL, as the owner of the database; undefined = the embedded server. */
  readonly databaseUrl: string | undefined;
  /** Absolute path of the folder with the embedded database, the archive and the secrets. */
  readonly home: string;
  readonly port: number;
  readonly host: string;
  /** Files of the certificate and its key; undefined = plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The bank's provider of identities (OpenID Connect); undefined = passwords of our own only. */
  readonly sso: SsoConfig | undefined;
  /** The file with the signed heads of the audit; undefined = in the home folder. */
  readonly auditAnchors: string | undefined;
  /** Months that the audit stays in the database. */
  readonly auditMonths: number;
  readonly log: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly language: Language;
}

interface SsoConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly secretFile: string;
  /** Our address as registered at the provider. */
  readonly callback: string;
  /** The claim that holds the staff number. */
  readonly claim: string;
}

interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly schema: z.ZodType<unknown, string>;
  readonly meaning: Words;
  readonly expected: Words;
  readonly secret?: true;
}

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
const whole = z.string().regex(/^\d{1,5}$/);

/** Over TLS, or on this machine itself. */
const secureUrl = z.union([
  z.literal(''),
  z.url({ protocol: /^https$/ }),
  z.string().regex(/^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/),
]);
const SECURE_URL = { zh: 'https:// 开头的地址', en: 'an address that begins with https://' } as const;

const SETTINGS: readonly Setting[] = [
  {
    name: 'DATABASE_URL',
    fallback: '',
    schema: z.union([z.literal(''), z.string().regex(/^postgres(ql)?:\/\/[^/]+\/[^/]+/)]),
    meaning: {
      zh: '行内 PostgreSQL(≥ 15)的连接串；不设则用内置数据库',
      en: 'the bank’s own PostgreSQL (≥ 15); unset = the embedded one',
    },
    expected: { zh: 'postgres://用户：口令@主机：端口/库名', en: 'postgres://user:password@host:port/database' },
    secret: true,
  },
  {
    name: 'GUANHU_HOME',
    fallback: '.guanhu',
    schema: z.string().min(1),
    meaning: { zh: '内置数据库、归档和密钥所在的文件夹', en: 'folder of the embedded database, the archive and the secrets' },
    expected: { zh: '文件夹路径', en: 'a folder' },
  },
  {
    name: 'GUANHU_PORT',
    fallback: '8787',
    schema: whole.refine((text) => Number(text) <= 65_535),
    meaning: { zh: '网页和接口的端口；0 表示任选一个空闲端口', en: 'port of the pages and the API; 0 = any free one' },
    expected: { zh: '0 到 65535 的整数', en: 'a whole number from 0 to 65535' },
  },
  {
    name: 'GUANHU_HOST',
    fallback: '127.0.0.1',
    schema: z.string().regex(/^[0-9A-Za-z.:_-]+$/),
    meaning: { zh: '监听地址；默认只限本机', en: 'address to listen on; by default this machine only' },
    expected: { zh: '主机名或 IP 地址', en: 'a host name or IP address' },
  },
  {
    name: 'GUANHU_TLS_CERT',
    fallback: '',
    schema: z.string(),
    meaning: {
      zh: 'TLS 证书文件（PEM，含证书链）；不设则用 HTTP',
      en: 'TLS certificate with its chain (PEM); unset = plain HTTP',
    },
    expected: { zh: '文件路径，与 GUANHU_TLS_KEY 一起设', en: 'a file, together with GUANHU_TLS_KEY' },
  },
  {
    name: 'GUANHU_TLS_KEY',
    fallback: '',
    schema: z.string(),
    meaning: { zh: 'TLS 私钥文件（PEM，权限 600）', en: 'key of the certificate (PEM, mode 600)' },
    expected: { zh: '文件路径，与 GUANHU_TLS_CERT 一起设', en: 'a file, together with GUANHU_TLS_CERT' },
  },
  {
    name: 'GUANHU_OIDC_ISSUER',
    fallback: '',
    schema: secureUrl,
    meaning: {
      zh: '行内统一认证（OpenID Connect）的地址；不设则只用本系统口令',
      en: 'issuer of single sign-on (OpenID Connect); unset = passwords only',
    },
    expected: SECURE_URL,
  },
  {
    name: 'GUANHU_OIDC_CLIENT',
    fallback: '',
    schema: z.string(),
    meaning: { zh: '在统一认证登记的应用编号', en: 'our client id at the provider' },
    expected: { zh: '应用编号', en: 'a client id' },
  },
  {
    name: 'GUANHU_OIDC_SECRET_FILE',
    fallback: '',
    schema: z.string(),
    meaning: { zh: '存放应用密钥的文件（权限 600）', en: 'file with the client secret (mode 600)' },
    expected: { zh: '文件路径', en: 'a file' },
  },
  {
    name: 'GUANHU_OIDC_CALLBACK',
    fallback: '',
    schema: secureUrl,
    meaning: {
      zh: '登记的回调地址：https://本系统域名/api/sso/callback',
      en: 'the registered address: https://our.host/api/sso/callback',
    },
    expected: SECURE_URL,
  },
  {
    name: 'GUANHU_OIDC_CLAIM',
    fallback: 'preferred_username',
    schema: z.string().min(1),
    meaning: { zh: '身份令牌中存放员工号的字段', en: 'claim of the ID token that holds the staff number' },
    expected: { zh: '字段名', en: 'a name' },
  },
  {
    name: 'GUANHU_AUDIT_ANCHORS',
    fallback: '',
    schema: z.string(),
    meaning: {
      zh: '审计锚点文件，宜放在另一台机器或另一块盘上；不设则在 GUANHU_HOME 里',
      en: 'file of the audit’s signed anchors, best on another machine or disk; unset = in GUANHU_HOME',
    },
    expected: { zh: '文件路径', en: 'a file' },
  },
  {
    name: 'GUANHU_AUDIT_MONTHS',
    fallback: '60',
    schema: whole.refine((text) => Number(text) >= 6 && Number(text) <= 600),
    meaning: { zh: '审计在库里保留的月数，之后才可转出', en: 'months that the audit stays in the database before it may leave' },
    expected: { zh: '6 到 600 的整数', en: 'a whole number from 6 to 600' },
  },
  {
    name: 'GUANHU_LOG',
    fallback: 'warn',
    schema: z.enum(LEVELS),
    meaning: { zh: '日志详细程度', en: 'how much is logged' },
    expected: { zh: LEVELS.join('、'), en: LEVELS.join(', ') },
  },
  {
    name: 'GUANHU_LANG',
    fallback: '',
    schema: z.enum(['', 'zh', 'en']),
    meaning: { zh: '命令行语言；不设则看 LANG，默认中文', en: 'language of the command line; unset = by LANG, else Chinese' },
    expected: { zh: 'zh 或 en', en: 'zh or en' },
  },
];

export type Environment = Readonly<Record<string, string | undefined>>;

function settingOf(name: string): Setting {
  const setting = SETTINGS.find((candidate) => candidate.name === name);
  if (setting === undefined) throw new Error(`no setting ${name}`);
  return setting;
}

function read(env: Environment, name: string): string {
  const setting = settingOf(name);
  const text = env[name] || setting.fallback;
  if (!setting.schema.safeParse(text).success) {
    const shown = setting.secret ? '' : ` “${text}”`;
    refuse(
      'config-invalid',
      `环境变量 ${name} 的值${shown} 不对：应为${setting.expected.zh}。`,
      `Environment variable ${name}${shown} is not valid: expected ${setting.expected.en}.`,
      { name },
    );
  }
  return text;
}

/** The language for people at a terminal: GUANHU_LANG, else LANG, else Chinese. */
export function languageOf(env: Environment): Language {
  const wish = env.GUANHU_LANG || env.LANG || 'zh';
  return wish.startsWith('en') ? 'en' : 'zh';
}

/** Reads and checks the environment. Refuses the first value that is not valid, by name. */
export function loadConfig(env: Environment, cwd: string): Config {
  read(env, 'GUANHU_LANG');
  const databaseUrl = read(env, 'DATABASE_URL');
  const anchors = read(env, 'GUANHU_AUDIT_ANCHORS');
  return {
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
    home: resolve(cwd, read(env, 'GUANHU_HOME')),
    port: Number(read(env, 'GUANHU_PORT')),
    host: read(env, 'GUANHU_HOST'),
    tls: readTlsFiles(env, cwd),
    sso: readSso(env, cwd),
    auditAnchors: anchors === '' ? undefined : resolve(cwd, anchors),
    auditMonths: Number(read(env, 'GUANHU_AUDIT_MONTHS')),
    log: z.enum(LEVELS).parse(read(env, 'GUANHU_LOG')),
    language: languageOf(env),
  };
}

function readTlsFiles(env: Environment, cwd: string): Config['tls'] {
  const [cert, key] = [read(env, 'GUANHU_TLS_CERT'), read(env, 'GUANHU_TLS_KEY')];
  if (cert === '' && key === '') return undefined;
  if (cert !== '' && key !== '') return { cert: resolve(cwd, cert), key: resolve(cwd, key) };
  const name = cert === '' ? 'GUANHU_TLS_CERT' : 'GUANHU_TLS_KEY';
  return refuse(
    'config-invalid',
    `还缺环境变量 ${name}：证书和私钥要一起设。`,
    `Environment variable ${name} is missing: a certificate and its key go together.`,
    { name },
  );
}

function readSso(env: Environment, cwd: string): Config['sso'] {
  const names = ['GUANHU_OIDC_ISSUER', 'GUANHU_OIDC_CLIENT', 'GUANHU_OIDC_SECRET_FILE', 'GUANHU_OIDC_CALLBACK'] as const;
  const [issuer, clientId, secretFile, callback] = names.map((name) => read(env, name));
  const missing = names.filter((name) => read(env, name) === '');
  if (missing.length === names.length) return undefined;
  if (!issuer || !clientId || !secretFile || !callback) {
    const list = missing.join(', ');
    return refuse(
      'config-invalid',
      `还缺环境变量 ${list}：统一认证的几项要一起设。`,
      `Missing: ${list}. The settings of single sign-on go together.`,
      { name: list },
    );
  }
  return { issuer, clientId, secretFile: resolve(cwd, secretFile), callback, claim: read(env, 'GUANHU_OIDC_CLAIM') };
}

/** Where the service is reached, as a URL without a path. */
export function serviceUrl({ tls, host, port }: Pick<Config, 'tls' | 'host' | 'port'>): string {
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}

export interface ConfigLine {
  readonly name: string;
  readonly value: string;
  readonly source: 'environment' | 'default';
  readonly meaning: Words;
}

/** What `guanhu config` lists: every setting with its value (passwords hidden), where it comes from and what it means. */
export function describeConfig(env: Environment): ConfigLine[] {
  return SETTINGS.map((setting) => {
    const text = read(env, setting.name);
    const value = setting.secret ? text.replace(/:\/\/([^:@/]*):[^@]*@/, '://$1:***@') : text;
    return { name: setting.name, value, source: env[setting.name] ? 'environment' : 'default', meaning: setting.meaning };
  });
}
