/** The fleet for those who run it: Prometheus' text format, made when it is asked for. */
import { Gauge, Registry } from 'prom-client';
import { Presence, Readiness } from '../../protocol/codes.js';
import { ageMs, refusedByUnit, type WatchModel, type WatchedUnit } from './watch-model.js';

type Sample = readonly [labels: Record<string, string>, value: number | null];
type Reading = (unit: WatchedUnit, nowMs: number) => readonly Sample[];

const one = (value: number | null): Sample[] => [[{}, value]];
const truth = (value: boolean | null): Sample[] => one(value === null ? null : Number(value));
const seconds = (ms: number | null): Sample[] => one(ms === null ? null : ms / 1000);
const labelled = (label: string, counts: Record<string, number>): Sample[] =>
  Object.entries(counts).map(([name, count]) => [{ [label]: name }, count]);

/** Name, labels, help and values of each. A value that is not known has no sample. */
const METRICS: readonly (readonly [string, readonly string[], string, Reading])[] = [
  ['link_up', [], '1 while the unit is connected', ({ link }) => truth(link === 'up')],
  [
    'info',
    ['firmware', 'board'],
    'Always 1; what the unit runs is in the labels',
    ({ latest: { birth } }) =>
      birth
        ? [
            [
              { firmware: String(birth.fields['firmware']), board: String(birth.fields['board']) },
              1,
            ],
          ]
        : [],
  ],
  [
    'aed_present',
    [],
    '1 while the AED is seen in its bracket',
    ({ latest: { aed } }) => truth(aed ? aed.fields['presence'] === Presence.present : null),
  ],
  [
    'aed_ready',
    [],
    '1 while no fault of the AED is seen',
    ({ latest: { aed } }) => truth(aed ? aed.fields['readiness'] === Readiness.ready : null),
  ],
  ['aed_reasons', [], 'AedReason bits', ({ latest }) => one(number(latest['aed'], 'reasons'))],
  [
    'aed_seen_age_seconds',
    [],
    'Since the AED was last seen to be so',
    ({ latest }, nowMs) => seconds(ageMs(latest['aed'], 'seenMsAgo', nowMs)),
  ],
  [
    'fix_age_seconds',
    [],
    'Age of the position fix',
    ({ latest }, nowMs) => seconds(ageMs(latest['position'], 'fixAgeMs', nowMs)),
  ],
  [
    'clock_quality',
    [],
    'ClockQuality: 0 unknown, 1 drifting, 2 network, 3 gps',
    ({ latest }) => one(number(latest['position'], 'clock')),
  ],
  [
    'uptime_seconds',
    [],
    'Since power-on',
    ({ latest }) => one(number(latest['health'], 'uptimeS')),
  ],
  [
    'free_variables',
    [],
    "The interpreter's free variables",
    ({ latest }) => one(number(latest['health'], 'freeVariables')),
  ],
  [
    'refused_by_unit',
    ['count'],
    'Messages that the unit refused since power-on',
    (unit) => labelled('count', refusedByUnit(unit)),
  ],
  [
    'refused_here',
    ['code'],
    "Messages in the unit's name that were refused here",
    ({ refused }) => labelled('code', refused),
  ],
  ['messages', ['name'], 'Messages taken here', ({ counts }) => labelled('name', counts)],
];

const UNIT_LABELS = ['unit', 'call_sign', 'area'];

function number(heard: { fields: Record<string, unknown> } | undefined, name: string) {
  const value = heard?.fields[name];
  return typeof value === 'number' ? value : null;
}

export async function metricsText(model: WatchModel, nowMs: number): Promise<string> {
  const registry = new Registry();
  for (const [name, labels, help, read] of METRICS) {
    const labelNames = [...UNIT_LABELS, ...labels];
    const full = `coresponder_unit_${name}`;
    const gauge = new Gauge({ name: full, help, labelNames, registers: [registry] });
    for (const watched of model.units.values()) {
      const { unitId: unit, callSign: call_sign, area } = watched.unit;
      for (const [more, value] of read(watched, nowMs)) {
        if (value !== null) gauge.set({ unit, call_sign, area, ...more }, value);
      }
    }
  }
  const help = 'Messages in the name of no unit of the fleet';
  const registers = [registry];
  new Gauge({ name: 'coresponder_strangers', help, registers }).set(model.strangers);
  return registry.metrics();
}
