import { GuanlanError } from '@guanlan/domain';

/**
 * One clear message for what PostgreSQL's programs or the file system said. `output` is their text (English, as we
 * run them with LC_ALL=C); `place` is the folder concerned.
 */
export function explainFault(doing: string, output: string, place: string, cause?: unknown): GuanlanError {
  const known = knownFaults.find(({ pattern }) => pattern.test(output));
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/redirecting log output|Future log output/.test(line));
  const evidence = lines.filter((line) => /FATAL|PANIC|ERROR|error:|HINT/.test(line)).slice(-3);
  const said = (evidence.length > 0 ? evidence : lines.slice(-3)).join(' | ').slice(0, 500);
  const advice = known?.advice(place) ?? `请运行 doctor 检查，并查看 ${place} 下 log 文件夹中最新的日志。`;
  return new GuanlanError(
    'database-unavailable',
    `${doing}失败：${known ? known.what : '内置 PostgreSQL 报错'}。${advice}${said ? `（${said}）` : ''}`,
    {
      cause,
      details: { place, ...(known ? { kind: known.kind } : {}) },
    },
  );
}

/** The same for an error thrown by node's own file functions. */
export function explainFileFault(doing: string, error: unknown, place: string): GuanlanError {
  if (error instanceof GuanlanError) return error;
  const fault = error as NodeJS.ErrnoException;
  return explainFault(doing, `${fault.code ?? ''} ${fault.message ?? String(error)}`, fault.path ?? place, error);
}

const knownFaults: readonly { kind: string; pattern: RegExp; what: string; advice: (place: string) => string }[] = [
  {
    kind: 'disk-full',
    pattern: /No space left on device|ENOSPC|EDQUOT|Disk quota exceeded/i,
    what: '磁盘空间已满',
    advice: (place) => `请在 ${place} 所在磁盘腾出至少 1 GB 空间后重试，已有数据不受影响。`,
  },
  {
    kind: 'version',
    pattern: /database files are incompatible with server/i,
    what: '数据是由另一个 PostgreSQL 大版本建立的',
    advice: (place) => `请用原来的版本备份（backup），再换一个新的数据文件夹恢复（restore）；${place} 未被改动。`,
  },
  {
    kind: 'shared-library',
    pattern: /error while loading shared libraries|Library not loaded|cannot open shared object/i,
    what: '内置 PostgreSQL 缺少运行库，安装不完整',
    advice: () =>
      '请删除项目的 node_modules 文件夹后重新运行 npm start；若系统过旧或不是 glibc（如 Alpine），请设置 DATABASE_URL 使用外部 PostgreSQL。',
  },
  {
    kind: 'port',
    pattern: /Address already in use|could not bind|could not create any TCP\/IP sockets/i,
    what: '端口已被占用',
    advice: () => '请稍后重试。',
  },
  {
    kind: 'leftover',
    pattern: /pre-existing shared memory block|lock file "postmaster\.pid" already exists/i,
    what: '上一次运行的数据库进程尚未退出',
    advice: (place) => `请结束仍在使用 ${place} 的 postgres 进程后重试。`,
  },
  {
    kind: 'memory',
    pattern: /Cannot allocate memory|could not map anonymous shared memory|out of memory/i,
    what: '内存不足',
    advice: () => '请关闭其他程序，至少留出 512 MB 内存后重试。',
  },
  {
    kind: 'run-as',
    pattern: /cannot be run as root|administrative permissions|spawn EPERM|setuid|EINVAL/i,
    what: 'PostgreSQL 不能以当前身份运行',
    advice: () => '请改用普通用户运行，或设置 DATABASE_URL 使用外部 PostgreSQL。',
  },
  {
    kind: 'permission',
    pattern:
      /Permission denied|EACCES|EPERM|EROFS|Read-only file system|Operation not permitted|has wrong ownership|has invalid permissions/i,
    what: '没有读写权限',
    advice: (place) => `请检查 ${place} 的属主和权限（应由运行观澜的用户所有），或用 --data 指定另一个文件夹。`,
  },
  {
    kind: 'password',
    pattern: /password authentication failed|28P01/i,
    what: '保存的数据库密码不对',
    advice: () => '请删除数据文件夹中的 postgres.json 后重试：数据不受影响，密码会重新生成。',
  },
];
