import { readFileSync } from 'node:fs';
import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';

/** One setting: where it comes from, what it may be. `default` is what holds when nobody says anything. */
interface Setting<Schema extends z.ZodType> {
  env: string;
  /** Also read from the file that `<env>_FILE` names, so that it need not stand in the environment. */
  secret?: true;
  schema: Schema;
}

function setting<Schema extends z.ZodType>(definition: Setting<Schema>): Setting<Schema> {
  return definition;
}

const ascii = /^[\x20-\x7e]+$/u;

/** Descriptions and messages are what the operator reads, in the documentation and in the error. */
const settings = {
  databaseUrl: setting({
    env: 'DATABASE_URL',
    secret: true,
    schema: serverUrl(['postgres', 'postgresql'], 'postgres://用户:密码@主机:5432/库名')
      .optional()
      .describe('PostgreSQL 连接串。不设则在数据文件夹中运行内置 PostgreSQL。'),
  }),
  redisUrl: setting({
    env: 'REDIS_URL',
    secret: true,
    schema: serverUrl(['redis', 'rediss'], 'redis://主机:6379').optional().describe('Redis 连接串。不设则队列放在 PostgreSQL 中。'),
  }),
  dataDir: setting({
    env: 'GUANLAN_DATA',
    schema: z.string().optional().describe('数据文件夹。不设则为程序目录下的 data。'),
  }),
  port: setting({
    env: 'GUANLAN_PORT',
    schema: whole(0, 65_535).default(7210).describe('控制台和接口的端口；0 表示任选一个空闲端口。'),
  }),
  host: setting({
    env: 'GUANLAN_HOST',
    schema: z.string().regex(ascii, '应为主机名或 IP 地址').default('127.0.0.1').describe('监听的地址；0.0.0.0 表示所有网卡。'),
  }),
  publicUrl: setting({
    env: 'GUANLAN_PUBLIC_URL',
    schema: serverUrl(['http', 'https'], 'https://guanlan.example.cn')
      .transform((url) => url.replace(/\/+$/u, ''))
      .optional()
      .describe('工作人员在浏览器中打开控制台所用的网址，写入提示消息中的链接。'),
  }),
  logLevel: setting({
    env: 'GUANLAN_LOG_LEVEL',
    schema: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], '应为 fatal、error、warn、info、debug、trace 或 silent')
      .default('warn')
      .describe('日志级别。'),
  }),
  userAgent: setting({
    env: 'GUANLAN_USER_AGENT',
    schema: z
      .string()
      .max(200, '最多 200 个字符')
      .regex(/^[A-Za-z_-]+[\x20-\x7e]*$/u, '应以英文产品名开头，只含英文字符，如 Guanlan/0.1')
      .optional()
      .describe('采集时向网站表明身份的 User-Agent。不设则为 Guanlan/0.1，并附上 GUANLAN_CONTACT。'),
  }),
  contact: setting({
    env: 'GUANLAN_CONTACT',
    schema: z
      .string()
      .max(200, '最多 200 个字符')
      .regex(ascii, '应为电子邮箱或网址，只含英文字符')
      .optional()
      .describe('写入 User-Agent 的联系方式（邮箱或网址），便于被采集的网站联系到本单位。'),
  }),
  hostIntervalMs: setting({
    env: 'GUANLAN_HOST_INTERVAL_MS',
    schema: whole(0, 3_600_000).default(1_000).describe('对同一网站两次请求之间的最短间隔，毫秒。对公开网站不要小于 1000。'),
  }),
  heartbeatUrl: setting({
    env: 'GUANLAN_HEARTBEAT_URL',
    secret: true,
    schema: serverUrl(['http', 'https'], 'https://hc.example.cn/ping/…')
      .optional()
      .describe('外部心跳网址：各环节正常时每分钟访问一次，由外部服务在收不到时报警。'),
  }),
  dailyHour: setting({
    env: 'GUANLAN_DAILY_HOUR',
    schema: whole(0, 23).default(18).describe('每天几点（北京时间）之后，若当天没有发出过任何提示，就发一条“平安日报”。'),
  }),
};

type Settings = typeof settings;
type Parsed = { [Key in keyof Settings]: z.output<Settings[Key]['schema']> };

/** The configuration of one process; frozen. */
export type Config = Readonly<Omit<Parsed, 'userAgent'> & { userAgent: string }>;

/** From the command line; what is undefined leaves the environment's word. */
export type ConfigOverrides = { [Key in keyof Config]?: string | number | undefined };

/**
 * Reads the configuration: overrides before environment before default. An empty variable counts as unset.
 * Throws one `config-invalid` that lists every fault, one a line. Secrets are never repeated in it.
 */
export function loadConfig(env: Record<string, string | undefined>, overrides: ConfigOverrides = {}): Config {
  const faults: string[] = [];
  const parsed: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(settings)) {
    const given = override(overrides, key) ?? fromEnvironment(definition, env, faults);
    const result = definition.schema.safeParse(given);
    if (result.success) parsed[key] = result.data;
    else faults.push(`${definition.env}：${result.error.issues.map((issue) => issue.message).join('；')}${shown(definition, given)}`);
  }
  if (faults.length > 0) {
    throw new GuanlanError(
      'config-invalid',
      `配置有 ${faults.length} 处错误，请改正后重新启动：\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
      {
        details: { faults },
      },
    );
  }
  const { userAgent, ...rest } = parsed as Parsed;
  return Object.freeze({
    ...rest,
    userAgent: userAgent ?? (rest.contact === undefined ? 'Guanlan/0.1' : `Guanlan/0.1 (+${rest.contact})`),
  });
}

/** One line of documentation per environment variable. */
export interface ConfigDoc {
  env: string;
  /** Set when the value may also come from a file. */
  fileEnv: string | null;
  description: string;
  /** Null when there is none. */
  default: string | null;
}

/** Every variable there is, as the schema describes it. */
export function configDocs(): ConfigDoc[] {
  return Object.values(settings).map((definition: Setting<z.ZodType>) => {
    const fallback = definition.schema.safeParse(undefined).data;
    return {
      env: definition.env,
      fileEnv: definition.secret ? `${definition.env}_FILE` : null,
      description: definition.schema.description ?? '',
      default: fallback === undefined ? null : String(fallback),
    };
  });
}

function override(overrides: ConfigOverrides, key: string): string | undefined {
  const value = overrides[key as keyof ConfigOverrides];
  return value === undefined ? undefined : String(value);
}

function fromEnvironment(definition: Setting<z.ZodType>, env: Record<string, string | undefined>, faults: string[]): string | undefined {
  const direct = env[definition.env]?.trim() || undefined;
  if (!definition.secret) return direct;
  const file = env[`${definition.env}_FILE`]?.trim() || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) {
    faults.push(`${definition.env} 与 ${definition.env}_FILE 只能设一个`);
    return undefined;
  }
  try {
    const value = readFileSync(file, 'utf8').trim();
    if (value === '') faults.push(`${definition.env}_FILE：文件 ${file} 是空的`);
    return value || undefined;
  } catch (error) {
    faults.push(`${definition.env}_FILE：文件 ${file} 读不出（${(error as NodeJS.ErrnoException).code ?? '未知原因'}）`);
    return undefined;
  }
}

function shown(definition: Setting<z.ZodType>, given: string | undefined): string {
  return definition.secret || given === undefined ? '' : `（现为“${given.slice(0, 100)}”）`;
}

/** A whole number from text. */
function whole(min: number, max: number) {
  const message = `应为 ${min} 到 ${max} 之间的整数`;
  return z
    .string()
    .regex(/^\d{1,9}$/u, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function serverUrl(schemes: readonly string[], example: string) {
  const message = `应为形如 ${example} 的网址`;
  return z.string().refine((value) => {
    const url = URL.parse(value);
    return url !== null && schemes.includes(url.protocol.slice(0, -1));
  }, message);
}
