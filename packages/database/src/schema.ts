import type { AccountTables } from './schema/account.ts';
import type { AlertTables } from './schema/alert.ts';
import type { ChannelTables } from './schema/channel.ts';
import type { DrillTables } from './schema/drill.ts';
import type { EventTables } from './schema/event.ts';
import type { ItemTables } from './schema/item.ts';
import type { LexiconTables } from './schema/lexicon.ts';
import type { NotificationTables } from './schema/notification.ts';
import type { PulseTables } from './schema/pulse.ts';
import type { ReportTables } from './schema/report.ts';
import type { RosterTables } from './schema/roster.ts';
import type { RouteTables } from './schema/route.ts';
import type { SampleTables } from './schema/sample.ts';
import type { SourceTables } from './schema/source.ts';
import type { TallyTables } from './schema/tally.ts';

/** Every table, as `migrations/` lays them out; each file of `schema/` has those of one noun. */
export interface Database
  extends AccountTables,
    AlertTables,
    ChannelTables,
    DrillTables,
    EventTables,
    ItemTables,
    LexiconTables,
    NotificationTables,
    PulseTables,
    ReportTables,
    RosterTables,
    RouteTables,
    SampleTables,
    SourceTables,
    TallyTables {}
