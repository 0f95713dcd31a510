export { type CatalogueSource, type RefusedEntry, readCatalogue, shareable } from './catalogue/catalogue.ts';
export { writeOpml } from './catalogue/opml.ts';
export { writeYaml } from './catalogue/yaml.ts';
export { readDate, readMoment } from './date.ts';
export { type Decoded, type DecodeOptions, decode } from './decode.ts';
export {
  type CollectContext,
  defineSource,
  type Fetch,
  type Fetched,
  type FetchOptions,
  type SourceDefinition,
  type SourceKind,
  type SourceState,
} from './define.ts';
export type { Feed, FeedEntry } from './feed/feed.ts';
export { type ParseFeedOptions, parseFeed } from './feed/parse.ts';
export { formOf, type KindForm, type OptionField } from './form.ts';
export { type ListEntry, type ListSelectors, type ReadListOptions, readList } from './list/read.ts';
export { loadSources, type SourceRegistry } from './load.ts';
export { checkOptions } from './options.ts';
export { type Page, type ReadPageOptions, readPage } from './page/read.ts';
export { plainText } from './text.ts';
