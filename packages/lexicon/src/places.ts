import { type Program, roles } from './program.ts';
import type { Reading } from './reading.ts';

/**
 * The county's places that the fields name, in the order of the gazetteer. A name inside a false friend (巨鹿 in 巨鹿路) is none,
 * one inside a longer name (巨鹿 in 巨鹿镇) is not named itself, and an unsure one (官亭镇 exists elsewhere too) needs a witness
 * (邢台) or a sure place, and no stranger (合肥), in the item.
 */
export function findPlaces(program: Program, readings: readonly Reading[]): string[] {
  const roleOf = (reading: Reading, hit: number) => program.role[reading.term(hit)] ?? 0;
  const met = readings.reduce((sum, reading) => sum | reading.roles, 0);
  if ((met & roles.place) === 0) return [];
  const found = new Set<number>();
  let witnessed = false;
  let strange = false;
  for (const reading of readings) {
    for (const hit of reading.placeHits) {
      if (reading.falseFriendOf(hit) >= 0) continue;
      if ((roleOf(reading, hit) & roles.witness) !== 0) witnessed = true;
      if ((roleOf(reading, hit) & roles.stranger) !== 0) strange = true;
      if ((roleOf(reading, hit) & roles.place) === 0 || reading.isInsideLongerPlace(hit)) continue;
      for (const place of program.placesOf.get(reading.term(hit)) ?? []) found.add(place);
    }
  }
  const { places } = program.gazetteer;
  const sure = [...found].some((index) => places[index]?.sure === true);
  return [...found]
    .sort((a, b) => a - b)
    .flatMap((index) => places[index] ?? [])
    .filter((place) => place.sure || sure || (witnessed && !strange))
    .map((place) => place.name);
}
