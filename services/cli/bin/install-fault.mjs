/** A fault whose message is for the person at the keyboard: what, where and how to mend it. */
export class Fault extends Error {}

/** One message from pnpm's and node-gyp's output: the known cause when there is one, and the end of the log. */
export function explainInstallFault(title, output, logFile, root) {
  const cause = knownCauses.find(({ pattern }) => pattern.test(output));
  const tail = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/^npm (notice|warn)|Unsupported engine/i.test(line))
    .slice(-12)
    .map((line) => `    ${line.slice(0, 200)}`);
  return new Fault(
    [`${title}失败：${cause ? cause.advice(root) : '原因见日志。'}`, '  日志末尾：', ...tail, `  完整日志：${logFile}`].join('\n'),
  );
}

// In this order: a compiler stopped by a full disk is a full disk.
const knownCauses = [
  {
    pattern: /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/i,
    advice: (root) => `磁盘空间已满。请在 ${root} 和用户主目录所在磁盘腾出至少 2 GB 后重试。`,
  },
  {
    pattern: /OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|lockfile is not up to date|out of date/i,
    advice: () => 'package.json 与 pnpm-lock.yaml 不一致（改过依赖？）。请用 package.json 中 packageManager 写明的 pnpm 运行一次 install。',
  },
  {
    pattern: /EACCES|EPERM|EROFS|permission denied/i,
    advice: (root) => `没有写权限。请检查 ${root}（尤其其中的 node_modules）和用户主目录的属主，不要混用 root 与普通用户安装。`,
  },
  {
    pattern: /gyp ERR!|make(\[\d+\])?: \*\*\*|fatal error: |error: command .*(g\+\+|clang)|cc1plus/i,
    advice: () =>
      '编译 nodejieba 失败。请确认已安装 python3、make、g++（Debian/Ubuntu：apt-get install -y python3 make g++；Fedora/RHEL：dnf install -y python3 make gcc-c++）。',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network|dns error|error sending request|certificate/i,
    advice: () => '无法连接 npm 软件源。请检查网络或代理；可用 npm config set registry <镜像地址> 换成可达的镜像后重试。',
  },
  { pattern: /Integrity|checksum/i, advice: () => '下载的软件包校验不符，可能下载中断或镜像有误。请重试，或更换软件源。' },
  { pattern: /ENOMEM|out of memory|Killed/i, advice: () => '内存不足。请关闭其他程序（建议至少 1 GB 可用内存）后重试。' },
];
