import { dayRules, type SourceGroup, sourceGroupTitles } from '@guanlan/domain';
import { z } from 'zod';
import { categoryName, id, levelName } from './wire.ts';

const minute = z.int().min(0).max(1_439);
const group = z.enum(Object.keys(sourceGroupTitles) as SourceGroup[]);

/** `POST /api/v1/routes` → 201, `PUT /api/v1/routes/:id`. What is empty takes everything; minutes after midnight in Shanghai. */
export const routeRequest = z
  .object({
    name: z.string().trim().min(1).max(60),
    parentId: id.nullable().default(null),
    /** Among its siblings; the first that takes an alert wins. */
    position: z.int().min(1).max(100_000),
    minLevel: z.enum(['I', 'II', 'III', 'IV']).default('IV'),
    categories: z.array(categoryName).max(20).default([]),
    places: z.array(z.string().trim().min(1).max(40)).max(50).default([]),
    groups: z.array(group).max(10).default([]),
    days: z.enum(dayRules).default('any'),
    fromMinute: minute.nullable().default(null),
    toMinute: minute.nullable().default(null),
    channelIds: z.array(id).max(20).default([]),
    receiverIds: z.array(id).max(20).default([]),
    onDuty: z.boolean().default(false),
    /** Below `floor` nobody is woken; level I always passes. Null: as the route above. */
    quiet: z
      .object({ fromMinute: minute, toMinute: minute, floor: z.enum(['I', 'II', 'III']) })
      .nullable()
      .default(null),
    /** Messages up to this level are gathered and sent at these minutes of the day. */
    digest: z
      .object({ maxLevel: z.enum(['II', 'III', 'IV']), atMinutes: z.array(minute).min(1).max(12) })
      .nullable()
      .default(null),
  })
  .refine(({ fromMinute, toMinute }) => (fromMinute === null) === (toMinute === null), { message: '时段的起止要么都填，要么都不填' });
export type RouteRequest = z.input<typeof routeRequest>;

/** One node of the routing tree. */
export const routeView = z.object({ ...routeRequest.shape, id, minLevel: levelName, isDefault: z.boolean() }).meta({ id: 'Route' });
export type RouteView = z.infer<typeof routeView>;

/** `GET /api/v1/routes`: siblings in the order they are tried. */
export const routeList = z.object({ rows: z.array(routeView) });
export type RouteList = z.infer<typeof routeList>;
