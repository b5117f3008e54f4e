/** What no single field of a scheme shows: that its parts fit together. */
import type { Scheme } from './form.js';

/** Where a scheme contradicts itself, each with its path, what was expected and what was found. */
export function contradictionsOf(scheme: Scheme): string[] {
  return [
    ...repeated('areas', 'id', scheme.areas),
    ...repeated('areas', 'code', scheme.areas),
    ...repeated('stations', 'id', scheme.stations),
    ...repeated('fleet', 'area', scheme.fleet),
    ...repeated('criteria', 'version', scheme.criteria),
    ...repeated('publicAeds', 'id', scheme.publicAeds),
    ...unknownAreas(scheme),
    ...datesOutOfOrder(scheme),
    ...wavesOutOfOrder(scheme),
    ...unfitNumbers(scheme),
    ...unfitPublished(scheme),
  ];
}

function repeated<T>(list: string, field: keyof T & string, items: readonly T[]): string[] {
  const seen = new Map<unknown, number>();
  return items.flatMap((item, i) => {
    const first = seen.get(item[field]);
    if (first === undefined) seen.set(item[field], i);
    const found = JSON.stringify(item[field]);
    return first === undefined
      ? []
      : [`${list}.${i}.${field}: expected each once, found ${found} again, as in ${list}.${first}`];
  });
}

function unknownAreas({ areas, stations, fleet }: Scheme): string[] {
  const known = new Set(areas.map(({ id }) => id));
  const check = (list: string, parts: readonly { area: string }[]) =>
    parts.flatMap(({ area }, i) =>
      known.has(area)
        ? []
        : [`${list}.${i}.area: expected the id of one of the areas, found ${JSON.stringify(area)}`],
    );
  return [...check('stations', stations), ...check('fleet', fleet)];
}

function datesOutOfOrder({ startsOn, endsOn, criteria, areas }: Scheme): string[] {
  const errors: string[] = [];
  const expect = (holds: boolean, path: string, expected: string, found: string) => {
    if (!holds) errors.push(`${path}: expected ${expected}, found ${found}`);
  };
  const end = endsOn ?? '9999-12-31';
  expect(end >= startsOn, 'endsOn', `a day from ${startsOn} on`, end);
  criteria.forEach(({ from }, i) => {
    const before = criteria[i - 1];
    const path = `criteria.${i}.from`;
    if (before) expect(from > before.from, path, `a day after ${before.from}`, from);
    else expect(from <= startsOn, path, `${startsOn}, when the scheme starts, or before`, from);
  });
  areas.forEach(({ goesLiveOn }, i) => {
    const isWithin = goesLiveOn >= startsOn && goesLiveOn <= end;
    expect(isWithin, `areas.${i}.goesLiveOn`, `a day from ${startsOn} to ${end}`, goesLiveOn);
  });
  return errors;
}

/** Waves count from 1 without a gap, each has one day, and a later one a later day. */
function wavesOutOfOrder({ areas, waves }: Scheme): string[] {
  const dayOf = new Map<number, string>();
  const errors: string[] = [];
  areas.forEach(({ wave, goesLiveOn, name }, i) => {
    const day = dayOf.get(wave);
    if (day === undefined) dayOf.set(wave, goesLiveOn);
    else if (day !== goesLiveOn) {
      const expected = `${day}, the day of wave ${wave}`;
      errors.push(`areas.${i}.goesLiveOn: expected ${expected}, found ${goesLiveOn} (${name})`);
    }
  });
  const found = [...dayOf.keys()].filter((wave) => wave > 0).sort((a, b) => a - b);
  if (found.length !== waves || found.some((wave, i) => wave !== i + 1)) {
    errors.push(`areas: expected waves 1 to ${waves}, found ${found.join(', ') || 'none'}`);
  }
  for (const wave of [...dayOf.keys()].sort((a, b) => a - b).slice(1)) {
    const [before, day] = [dayOf.get(wave - 1), dayOf.get(wave) as string];
    if (before !== undefined && day <= before) {
      errors.push(`areas: expected wave ${wave} after ${before}, found ${day}`);
    }
  }
  return errors;
}

function unfitNumbers({ alerting, eligibility, fleet }: Scheme): string[] {
  const errors: string[] = [];
  const { units, maxUnits, nextAfterS, expiresAfterS } = alerting;
  if (maxUnits < units) {
    errors.push(`alerting.maxUnits: expected at least ${units}, as units, found ${maxUnits}`);
  }
  if (expiresAfterS <= nextAfterS) {
    const expected = `more than ${nextAfterS}, as nextAfterS`;
    errors.push(`alerting.expiresAfterS: expected ${expected}, found ${expiresAfterS}`);
  }
  const carried = new Set(fleet.flatMap(({ capabilities }) => capabilities));
  eligibility.capabilities.forEach((each, i) => {
    if (carried.has(each)) return;
    const had = [...carried].join(', ') || 'none';
    const path = `eligibility.capabilities.${i}`;
    errors.push(`${path}: expected one that a unit of the fleet has (${had}), found "${each}"`);
  });
  return errors;
}

function unfitPublished({ published, areas }: Scheme): string[] {
  const known = new Set(areas.map(({ id }) => id));
  return published.flatMap(({ area, from, to, use, assumption }, i) => {
    const errors: string[] = [];
    const expect = (holds: boolean, field: string, expected: string, found: unknown) => {
      if (holds) return;
      errors.push(`published.${i}.${field}: expected ${expected}, found ${JSON.stringify(found)}`);
    };
    expect(area === undefined || known.has(area), 'area', 'the id of one of the areas', area);
    expect(to >= from, 'to', `a day from ${from} on`, to);
    const isNamed = (use === 'predicted') === (assumption === undefined);
    expect(isNamed, 'assumption', use === 'predicted' ? 'none' : 'its name', assumption);
    return errors;
  });
}
