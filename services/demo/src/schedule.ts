import { type Content, readContent, type Story, type Template } from './content.ts';
import { pick, type Random, seededRandom } from './random.ts';
import { sites } from './sites.ts';
import { fill } from './template.ts';

/** One item at one site. */
export interface Publication {
  /** Names it in its address: unique in the county, the same on every start for what the schedule holds. */
  id: string;
  site: string;
  title: string;
  paragraphs: string[];
  publishedAt: Date;
  /** What it is there for: `incident` deserves an answer, `notice` and `everyday` do not. */
  role: 'incident' | 'notice' | 'everyday';
}

export interface Schedule {
  /** What a reader can see at this moment, oldest first. Only ever grows. */
  visible(now: Date): readonly Publication[];
}

export interface ScheduleOptions {
  start: Date;
  /** How many times faster than written. */
  pace: number;
}

const storySeconds = 600;
const trickleSeconds = 20;
/** Every so many items of the trickle, one deserves an answer. */
const matterEvery = 9;
/** Items a list page needs to be taken for one; a feed needs none. */
const firstItems = { list: 4, feed: 1 };

/**
 * What appears when. The first ten minutes are written down: what is there already, a story that spreads, other
 * incidents, and everyday items between them. After that, and quietly during it, items trickle on for as long as the
 * county lives; those differ from start to start, so that a county started again has something to say.
 */
export function createSchedule({ start, pace }: ScheduleOptions, content: Content = readContent()): Schedule {
  const at = (seconds: number) => new Date(start.getTime() + (seconds < 0 ? seconds : seconds / pace) * 1_000);
  const told = new Set<string>();
  const planned = [
    ...stories(content.incidents, 'incident', at),
    ...stories(content.notices, 'notice', at),
    ...everyday(content, at, told, seededRandom(20_251_123)),
  ];
  const trickle = createTrickle(content, at, told, start);
  return {
    visible: (now) => {
      const seconds = ((now.getTime() - start.getTime()) / 1_000) * pace;
      return [...planned, ...trickle(seconds)].filter((one) => one.publishedAt <= now).sort(byTime);
    },
  };
}

function byTime(a: Publication, b: Publication): number {
  return a.publishedAt.getTime() - b.publishedAt.getTime();
}

function stories(all: readonly Story[], role: Publication['role'], at: (seconds: number) => Date): Publication[] {
  return all.flatMap(({ title, paragraphs, appears }, i) =>
    appears.map(({ at: seconds, site }, j) => ({
      id: `${role === 'incident' ? 1 : 2}${String(i).padStart(3, '0')}${j}`,
      site,
      title,
      paragraphs,
      publishedAt: at(seconds),
      role,
    })),
  );
}

/** Every template in its number of variants, spread over the ten minutes; first what sites need to have at the start. */
function everyday(content: Content, at: (seconds: number) => Date, told: Set<string>, random: Random): Publication[] {
  const has = new Map<string, number>();
  const wanted = new Map(sites.map((site) => [site.id, 'list' in site.shape ? firstItems.list : firstItems.feed]));
  const found: Publication[] = [];
  for (const [t, template] of content.everyday.entries()) {
    for (let i = 0; i < template.count; i++) {
      const site = template.sites[i % template.sites.length] ?? '';
      const already = has.get(site) ?? 0;
      const early = already < (wanted.get(site) ?? 0);
      const seconds = early ? -3_600 * (2 + random() * 40) : 5 + random() * (storySeconds - 10);
      const item = variant(template, content, at(seconds), told, random);
      if (item === null) continue;
      has.set(site, already + 1);
      found.push({ ...item, id: `3${String(t).padStart(3, '0')}${i}`, site, role: 'everyday' });
    }
  }
  return found;
}

/** Items without end: the n-th of a county that started then is always the same, and made when it is first due. */
function createTrickle(
  content: Content,
  at: (seconds: number) => Date,
  told: Set<string>,
  start: Date,
): (seconds: number) => Publication[] {
  const made: Publication[] = [];
  const run = Math.floor(start.getTime() / 1_000);
  const random = seededRandom(run);
  let tried = 0;
  return (seconds) => {
    for (; (tried + 1) * trickleSeconds <= seconds; tried++) {
      const moment = (tried + 1) * trickleSeconds;
      const matter = moment > storySeconds && tried % matterEvery === 0;
      const template = pick(matter ? content.smallMatters : content.everyday, random);
      const item = variant(template, content, at(moment), told, random);
      const site = pick(template.sites, random);
      if (item !== null) made.push({ ...item, id: `9${run}${tried}`, site, role: matter ? 'incident' : 'everyday' });
    }
    return made;
  };
}

/** A variant nobody has read yet; null when the template seems to have no more. */
function variant(
  template: Template,
  { words }: Content,
  publishedAt: Date,
  told: Set<string>,
  random: Random,
): Pick<Publication, 'title' | 'paragraphs' | 'publishedAt'> | null {
  for (let attempt = 0; attempt < 8; attempt++) {
    const chosen = new Map<string, string>();
    const write = (text: string) => fill(text, words, publishedAt, random, chosen);
    const title = write(template.title);
    const paragraphs = template.paragraphs.map(write);
    const key = [title, ...paragraphs].join('\n');
    if (told.has(key)) continue;
    told.add(key);
    return { title, paragraphs, publishedAt };
  }
  return null;
}
