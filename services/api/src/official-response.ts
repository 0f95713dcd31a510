import type { OfficialResponseView } from '@guanlan/contracts';
import type { EventResponse } from '@guanlan/database';

/** As a case and an event show it. */
export function responseViewOf(response: EventResponse | null): OfficialResponseView | null {
  return response && { ...response, at: response.at.toISOString() };
}
