import { type ChannelRow, defaultRoute, fallbackChain } from '@guanlan/database';
import { nextOnDuty, shiftAt } from '@guanlan/domain';
import type { People } from './candidate.ts';

/** One address a message goes to. */
export interface Target {
  channel: ChannelRow;
  /** Of the colleague it is meant for; null for a group. */
  receiver: string | null;
  /** Channels that follow when it fails. */
  fallbackIds: number[];
}

/** Each channel once, groups before people. */
export function targetsOf(people: People, who: { channelIds: readonly number[]; receiverIds: readonly number[] }): Target[] {
  const targets = [
    ...who.channelIds.flatMap((id) => targetOf(people, fallbackChain(people.channels, id), null) ?? []),
    ...who.receiverIds.flatMap((id) => receiverTarget(people, id) ?? []),
  ];
  return targets.filter(({ channel }, index) => targets.findIndex((one) => one.channel.id === channel.id) === index);
}

/** Whoever is on duty at a moment; empty when nobody is, or has no channel. */
export function onDuty(people: People, at: Date): number[] {
  return shiftAt(people.roster, at)?.receiverIds.slice(0, 1) ?? [];
}

/** Who follows when a clock runs out: the next on the roster, or the shift's leader (else every leader). Empty when there is none. */
export function followers(people: People, at: Date, to: 'next' | 'leader'): number[] {
  if (to === 'next') {
    const next = nextOnDuty(people.roster, at);
    return next === null ? [] : [next];
  }
  const leader = shiftAt(people.roster, at)?.leaderId ?? null;
  return leader === null ? people.receivers.filter((one) => one.leader).map(({ id }) => id) : [leader];
}

/** The channels of the default route: who is told when nobody else can be. */
export function defaultTargets(people: People): Target[] {
  const route = defaultRoute(people.routes);
  return targetsOf(people, { channelIds: route?.channelIds ?? [], receiverIds: route?.receiverIds ?? [] });
}

function receiverTarget(people: People, id: number): Target | null {
  const receiver = people.receivers.find((one) => one.id === id);
  if (!receiver) return null;
  // Each of the colleague's channels may have a fallback of its own, which comes after them.
  const chain = [...receiver.channelIds, ...receiver.channelIds.flatMap((one) => fallbackChain(people.channels, one))];
  return targetOf(people, [...new Set(chain)], receiver.name);
}

function targetOf({ channels }: People, chain: readonly number[], receiver: string | null): Target | null {
  const [channel, ...rest] = chain.flatMap((id) => channels.find((one) => one.id === id) ?? []);
  return channel ? { channel, receiver, fallbackIds: rest.map(({ id }) => id) } : null;
}
