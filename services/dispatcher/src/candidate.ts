import type {
  AlertEntryKind,
  ChannelRow,
  Decision,
  DecisionPlan,
  Inhibition,
  Inhibitor,
  Receiver,
  Route,
  Silence,
  Story,
} from '@guanlan/database';
import type { AlertPolicy, LevelProposal, Roster } from '@guanlan/domain';
import type { Change } from './change.ts';
import type { Target } from './target.ts';

/** One event on its way through the stages. */
export interface Candidate {
  /** Its rank is the proposed one. */
  readonly decision: Decision;
  /** How the rank was proposed; null where the contents alone decide. */
  readonly proposal: LevelProposal | null;
  /** Null when there is nothing new to say. */
  readonly change: Change | null;
  /** Of the alert that is open or about to be; null when there is none and none is needed. */
  readonly alertId: number | null;
  /** Empty where nothing changed: a story told a thousand times is not read a thousand times. */
  readonly story: Story;
  readonly route: Route | null;
  readonly targets: readonly Target[];
  /** Why nobody is told, in words; null while somebody is. */
  readonly muted: Muted | null;
}

export interface Muted {
  kind: AlertEntryKind;
  reason: string;
}

/** Who can be told, and how. */
export interface People {
  readonly routes: readonly Route[];
  readonly channels: readonly ChannelRow[];
  readonly receivers: readonly Receiver[];
  readonly roster: Roster;
}

/** What the stages work on: a batch of candidates, what is needed to judge them, and what is to be written. */
export interface Context {
  readonly now: Date;
  /** Address of the console without a slash at its end; null when none is configured. */
  readonly publicUrl: string | null;
  readonly policy: AlertPolicy;
  readonly people: People;
  readonly silences: readonly Silence[];
  readonly inhibitions: readonly Inhibition[];
  readonly inhibitors: readonly Inhibitor[];
  readonly candidates: readonly Candidate[];
  readonly plan: DecisionPlan;
}

export const emptyPlan: DecisionPlan = { decided: [], reported: [], opened: [], raised: [], told: [], entries: [], notifications: [] };

export type Stage = (context: Context) => Context;

/** Applies a step to every candidate that somebody is still to be told of. */
export function toUnmuted(context: Context, step: (candidate: Candidate) => Candidate): Context {
  return { ...context, candidates: context.candidates.map((candidate) => (candidate.muted === null ? step(candidate) : candidate)) };
}

export function mute(candidate: Candidate, kind: AlertEntryKind, reason: string): Candidate {
  return { ...candidate, muted: { kind, reason } };
}
