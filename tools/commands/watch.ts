/** `watch`: the units of a fleet as they say they are. It only listens; it is no control room. */
import { Option, type Command } from 'commander';
import type { MqttClient } from 'mqtt';
import { inWords, nameOf } from '../../protocol/host/messages.js';
import { Refusal } from '../../protocol/codes.js';
import {
  everyUnitState,
  everyUnitUp,
  stateTopic,
  unitOfTopic,
  upTopic,
} from '../../protocol/topics.js';
import { openFleet } from '../fleet/folder.js';
import { takeRole } from '../fleet/state.js';
import { TROUBLES } from '../fleet/troubles.js';
import { WatchModel } from '../fleet/watch-model.js';
import { WatchState } from '../fleet/watch-state.js';
import { watchTable, type Only } from '../fleet/watch-table.js';
import { fleetOptions, integer, type FleetFlags } from './options.js';

interface WatchFlags extends FleetFlags {
  readonly broker?: string;
  readonly unit?: string[];
  readonly only: Only;
  readonly metrics?: number;
  readonly metricsHost: string;
  readonly for?: number;
}

const REDRAW_MS = 1_000;
const KEEP_MS = 10_000;
/** Cursor home, and everything below it away: what a terminal can do since the VT100. */
const CLEAR = '\x1b[H\x1b[J';

export function addWatch(program: Command): void {
  fleetOptions(program.command('watch'))
    .description('a live table of the units; with --json a line for each message; until Ctrl-C')
    .option('--broker <url>', "instead of the fleet's first, as mqtt://host:port")
    .option('--unit <unit...>', 'only these, by call sign or unit id')
    .addOption(
      new Option('--only <which>', 'rows of units in trouble, or in one kind of trouble')
        .choices(['all', 'trouble', ...TROUBLES])
        .default('all'),
    )
    .option('--metrics <port>', "serves /metrics in Prometheus' text format", integer(0, 65535))
    .option('--metrics-host <address>', 'address to serve it on', '127.0.0.1')
    .option('--for <s>', 'end after so many seconds', integer(1, 86_400))
    .action(watch);
}

async function watch(flags: WatchFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  const units = flags.unit?.map((name) => fleet.find(name)) ?? fleet.active;
  // Here, because they take long to load: not for other commands.
  const { connectBroker } = await import('../fleet/broker.js');
  const { serveMetrics } = await import('../fleet/metrics-server.js');
  const release = takeRole(fleet, 'watch');
  let client: MqttClient | undefined;
  let stopNoting = () => {};
  let server: Awaited<ReturnType<typeof serveMetrics>>['server'] | undefined;
  const timers: NodeJS.Timeout[] = [];
  try {
    const state = new WatchState(fleet, units, Math.floor(Date.now() / 1000));
    const model = new WatchModel(units);
    if (flags.metrics !== undefined) {
      const { url, ...served } = await serveMetrics(model, flags.metrics, flags.metricsHost);
      server = served.server;
      console.error(`metrics on ${url}`);
    }
    client = await connectBroker(fleet, 'tools.watch', flags.broker);
    const take = taker(state, model, flags.json ? print : () => {});
    client.on('message', take);
    stopNoting = noteBroker(client, model, flags);
    await client.subscribeAsync(topicsOf(flags, units), { qos: 1 });
    if (flags.json) print({ atMs: Date.now(), name: 'watching', units: units.length });
    const { stdout } = process;
    if (stdout.isTTY && !flags.json) {
      const draw = () => {
        const room = { rows: stdout.rows, columns: stdout.columns };
        stdout.write(`${CLEAR}${watchTable(model, Date.now(), flags.only, room)}\n`);
      };
      timers.push(setInterval(draw, REDRAW_MS));
    }
    timers.push(setInterval(() => state.keep(), KEEP_MS));
    await ended(flags.for);
    state.keep();
    // A terminal has it already; a file is to have the last state.
    if (!flags.json && !stdout.isTTY) console.log(watchTable(model, Date.now(), flags.only));
  } finally {
    for (const timer of timers) clearInterval(timer);
    server?.close();
    server?.closeAllConnections();
    stopNoting();
    await client?.endAsync();
    release();
  }
}

/**
 * It tries again by itself; meanwhile nobody is to take what was for what is.
 * @returns what ends this
 */
function noteBroker(client: MqttClient, model: WatchModel, { json }: WatchFlags): () => void {
  const note = (isThere: boolean) => {
    if (isThere === (model.brokerAwaySinceMs === null)) return;
    const atMs = Date.now();
    model.brokerAwaySinceMs = isThere ? null : atMs;
    if (json) print({ atMs, name: isThere ? 'brokerBack' : 'brokerAway' });
  };
  const gone = () => note(false);
  client.on('close', gone);
  client.on('connect', () => note(true));
  return () => client.off('close', gone);
}

function topicsOf({ unit }: WatchFlags, units: readonly { unitId: string }[]): string[] {
  if (unit === undefined) return [everyUnitUp(), everyUnitState()];
  return units.flatMap(({ unitId }) => [upTopic(unitId), stateTopic(unitId)]);
}

interface WatchEvent {
  readonly atMs: number;
  readonly unit: string;
  readonly name: string;
  readonly fields: object;
}

/** What is to be done with each message that comes. */
function taker(state: WatchState, model: WatchModel, tell: (event: WatchEvent) => void) {
  return (topic: string, payload: Buffer): void => {
    const atMs = Date.now();
    const unit = unitOfTopic(topic);
    const received = state.open(unit, topic, payload);
    if (typeof received === 'number') {
      model.refuse(unit, received);
      tell({ atMs, unit, name: 'refused', fields: { refusal: nameOf(Refusal, received) } });
      return;
    }
    model.take(unit, received, atMs);
    const { name, message } = received;
    tell({ atMs, unit, name, fields: inWords(name, message) });
  };
}

function print(event: WatchEvent | { atMs: number; name: string; units?: number }): void {
  console.log(JSON.stringify(event));
}

function ended(afterS: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    if (afterS !== undefined) setTimeout(resolve, afterS * 1000);
  });
}
