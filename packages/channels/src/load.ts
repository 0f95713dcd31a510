import { readdir } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import type { Channel } from './define.ts';

const shipped = new URL('./kinds/', import.meta.url);

/** Every kind of channel, by its name, as the folder holds them. Throws `config-invalid` when a file and its kind disagree. */
export async function loadChannels(folder: URL = shipped): Promise<ReadonlyMap<string, Channel>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
  const channels = await Promise.all(files.map((file) => loadChannel(folder, file)));
  return new Map(channels.map((channel) => [channel.kind, channel]));
}

/** The kind of that name. Throws `bad-input` when there is none. */
export async function channelOf(kind: string): Promise<Channel> {
  const channels = await loadChannels();
  const channel = channels.get(kind);
  if (!channel) throw new GuanlanError('bad-input', `没有名为“${kind}”的渠道类型，可用：${[...channels.keys()].join('、')}。`);
  return channel;
}

async function loadChannel(folder: URL, file: string): Promise<Channel> {
  const { default: channel } = (await import(new URL(file, folder).href)) as { default?: Partial<Channel> };
  const kind = file.slice(0, -'.ts'.length);
  if (channel?.kind === kind && typeof channel.deliver === 'function') return channel as Channel;
  throw new GuanlanError(
    'config-invalid',
    `渠道文件 ${file} 应默认导出 defineChannel({ kind: '${kind}', … })，现在的 kind 是 ${channel?.kind ?? '空'}。`,
  );
}
