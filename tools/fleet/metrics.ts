/** The fleet for those who run it: Prometheus' text format, made when it is asked for. */
import { Counter, Gauge, Registry } from 'prom-client';
import { AedReason, Presence, Readiness } from '../../protocol/codes.js';
import { look } from './troubles.js';
import {
  ageMs,
  newestClock,
  refusedByUnit,
  type WatchModel,
  type WatchedUnit,
} from './watch-model.js';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

type Sample = readonly [labels: Record<string, string>, value: number | null];

interface Metric {
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  /** Beside those that every unit has. */
  readonly labels?: readonly string[];
  /** What is not known has no sample. */
  readonly read: (unit: WatchedUnit, nowMs: number) => readonly Sample[];
}

const one = (value: number | null): Sample[] => [[{}, value]];
const truth = (value: boolean | null): Sample[] => one(value === null ? null : Number(value));
const seconds = (ms: number | null): Sample[] => one(ms === null ? null : ms / 1000);
const labelled = (label: string, counts: Record<string, number>): Sample[] =>
  Object.entries(counts).map(([name, count]) => [{ [label]: name }, count]);

function field(unit: WatchedUnit, message: string, name: string): number | null {
  const value = unit.latest[message]?.fields[name];
  return typeof value === 'number' ? value : null;
}

/** Whether a code of the AED's newest message is this one; null before it came. */
function aedIs(unit: WatchedUnit, name: string, code: number): boolean | null {
  const value = field(unit, 'aed', name);
  return value === null ? null : value === code;
}

/** By name, after `coresponder_unit_`. */
const METRICS: Readonly<Record<string, Metric>> = {
  link_up: {
    kind: 'gauge',
    help: '1 while the unit is connected',
    read: ({ link }) => truth(link === 'up'),
  },
  info: {
    kind: 'gauge',
    help: 'Always 1; what the unit runs is in the labels',
    labels: ['firmware', 'board'],
    read: ({ latest: { birth } }) => {
      if (!birth) return [];
      const { firmware, board } = birth.fields;
      return [[{ firmware: String(firmware), board: String(board) }, 1]];
    },
  },
  aed_present: {
    kind: 'gauge',
    help: '1 while the AED is seen in its bracket',
    read: (unit) => truth(aedIs(unit, 'presence', Presence.present)),
  },
  aed_ready: {
    kind: 'gauge',
    help: '1 while the AED is seen, and no fault of it',
    read: (unit) => truth(aedIs(unit, 'readiness', Readiness.ready)),
  },
  aed_not_ready_reason: {
    kind: 'gauge',
    help: '1 for each reason why the AED is not known to be ready',
    labels: ['reason'],
    read: (unit) => {
      const bits = field(unit, 'aed', 'reasons') ?? 0;
      const names = Object.entries(AedReason).filter(([, bit]) => (bits & bit) !== 0);
      return names.map(([reason]) => [{ reason }, 1]);
    },
  },
  aed_seen_age_seconds: {
    kind: 'gauge',
    help: 'Since the AED was last seen to be so',
    read: ({ latest }, nowMs) => seconds(ageMs(latest['aed'], 'seenMsAgo', nowMs)),
  },
  fix_age_seconds: {
    kind: 'gauge',
    help: 'Age of the position fix',
    read: ({ latest }, nowMs) => seconds(ageMs(latest['position'], 'fixAgeMs', nowMs)),
  },
  clock_quality: {
    kind: 'gauge',
    help: 'ClockQuality: 0 unknown, 1 drifting, 2 network, 3 gps',
    read: (unit) => one(newestClock(unit)),
  },
  uptime_seconds: {
    kind: 'gauge',
    help: 'From power-on to the latest report of its health',
    read: (unit) => one(field(unit, 'health', 'uptimeS')),
  },
  free_variables: {
    kind: 'gauge',
    help: "The interpreter's free variables",
    read: (unit) => one(field(unit, 'health', 'freeVariables')),
  },
  refused_messages_total: {
    kind: 'counter',
    help: 'Messages that the unit refused since power-on, by the count in its report of its health',
    labels: ['count'],
    read: (unit) => labelled('count', refusedByUnit(unit)),
  },
  unproven_messages_total: {
    kind: 'counter',
    help: "Messages in the unit's name that were refused here, by the code of the refusal",
    labels: ['code'],
    read: ({ refused }) => labelled('code', refused),
  },
  messages_total: {
    kind: 'counter',
    help: 'Messages of the unit that were taken here',
    labels: ['name'],
    read: ({ counts }) => labelled('name', counts),
  },
};

const UNIT_LABELS = ['unit', 'call_sign', 'area'];

export async function metricsText(model: WatchModel, nowMs: number): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  for (const [short, { kind, help, labels = [], read }] of Object.entries(METRICS)) {
    const labelNames = [...UNIT_LABELS, ...labels];
    const put = settable(kind, { name: `coresponder_unit_${short}`, help, labelNames, registers });
    for (const watched of model.units.values()) {
      for (const [more, value] of read(watched, nowMs)) {
        if (value !== null) put({ ...labelsOf(watched), ...more }, value);
      }
    }
  }
  const troubles = new Gauge({
    name: 'coresponder_unit_trouble',
    help: '1 for each kind of trouble of the unit, as watch --only names them',
    labelNames: [...UNIT_LABELS, 'kind'],
    registers,
  });
  for (const { unit, troubles: kinds } of look(model, nowMs)) {
    for (const kind of kinds) troubles.set({ ...labelsOf(unit), kind }, 1);
  }
  new Gauge({
    name: 'coresponder_broker_connected',
    help: '0 while the broker is away, and all else here is of before',
    registers,
  }).set(Number(model.brokerAwaySinceMs === null));
  new Counter({
    name: 'coresponder_stranger_messages_total',
    help: 'Messages in the name of no unit that is watched',
    registers,
  }).inc(model.strangers);
  return registry.metrics();
}

function labelsOf({ unit }: WatchedUnit): Record<string, string> {
  return { unit: unit.unitId, call_sign: unit.callSign, area: unit.area };
}

/** One way to set both kinds: each is made anew, so that a count is put in at once. */
function settable(
  kind: Metric['kind'],
  options: { name: string; help: string; labelNames: string[]; registers: Registry[] },
): (labels: Record<string, string>, value: number) => void {
  if (kind === 'gauge') {
    const gauge = new Gauge(options);
    return (labels, value) => gauge.set(labels, value);
  }
  const counter = new Counter(options);
  return (labels, value) => counter.inc(labels, value);
}
