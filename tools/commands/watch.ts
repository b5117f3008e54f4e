/** `watch`: the units of a fleet as they say they are. It only listens; it is no control room. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { inWords, nameOf } from '../../protocol/host/messages.js';
import { Refusal } from '../../protocol/codes.js';
import { everyUnitState, everyUnitUp, unitOfTopic } from '../../protocol/topics.js';
import { UserError } from '../exit-codes.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import { KeptPeer, takeRole } from '../fleet/state.js';
import { WatchModel } from '../fleet/watch-model.js';
import { watchTable } from '../fleet/watch-table.js';
import { fleetOptions, integer, type FleetFlags } from './options.js';

interface WatchFlags extends FleetFlags {
  readonly broker?: string;
  readonly metrics?: number;
  readonly metricsHost: string;
  readonly for?: number;
}

const REDRAW_MS = 1_000;
/** Cursor home, and everything below it away: what a terminal can do since the VT100. */
const CLEAR = '\x1b[H\x1b[J';

export function addWatch(program: Command): void {
  fleetOptions(program.command('watch'))
    .description('a live table of the units; with --json a line for each message; until Ctrl-C')
    .option('--broker <url>', "instead of the fleet's first, as mqtt://host:port")
    .option('--metrics <port>', "serves /metrics in Prometheus' text format", integer(0, 65535))
    .option('--metrics-host <address>', 'address to serve it on', '127.0.0.1')
    .option('--for <s>', 'end after so many seconds', integer(1, 86_400))
    .action(watch);
}

async function watch(flags: WatchFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  // Here, because they take long to load: not for other commands.
  const { connectBroker } = await import('../fleet/broker.js');
  const release = takeRole(fleet, 'watch');
  const model = new WatchModel(fleet.active);
  const client = await connectBroker(fleet, 'tools.watch', flags.broker);
  const take = taker(fleet, model, flags.json ? printEvent : () => {});
  client.on('message', (topic, payload) => take(topic, payload));
  await client.subscribeAsync([everyUnitUp(), everyUnitState()], { qos: 1 });
  try {
    const server = flags.metrics === undefined ? null : await serve(model, flags);
    const draw = flags.json ? undefined : setInterval(() => redraw(model), REDRAW_MS);
    await ended(flags.for);
    clearInterval(draw);
    server?.close();
  } finally {
    await client.endAsync();
    release();
  }
  // A terminal has it already; a file is to have the last state.
  if (!flags.json && !process.stdout.isTTY) console.log(watchTable(model, Date.now()));
}

interface WatchEvent {
  readonly atMs: number;
  readonly unit: string;
  readonly name: string;
  readonly fields: object;
}

/** What is to be done with each message that comes. */
function taker(fleet: Fleet, model: WatchModel, tell: (event: WatchEvent) => void) {
  const nowS = Math.floor(Date.now() / 1000);
  const peers = new Map(
    fleet.active.map((unit) => [unit.unitId, new KeptPeer(fleet, unit, 'watch', nowS)]),
  );
  return (topic: string, payload: Buffer): void => {
    const atMs = Date.now();
    const unit = unitOfTopic(topic);
    const kept = peers.get(unit);
    const received = kept?.peer.open(topic, payload) ?? Refusal.wrongUnit;
    if (typeof received === 'number') {
      model.refuse(unit, received);
      tell({ atMs, unit, name: 'refused', fields: { refusal: nameOf(Refusal, received) } });
      return;
    }
    kept?.keep();
    model.take(unit, received, atMs);
    const { name, message } = received;
    tell({ atMs, unit, name, fields: inWords(name, message) });
  };
}

function printEvent(event: WatchEvent): void {
  console.log(JSON.stringify(event));
}

function redraw(model: WatchModel): void {
  if (process.stdout.isTTY) process.stdout.write(`${CLEAR}${watchTable(model, Date.now())}\n`);
}

async function serve(model: WatchModel, { metrics, metricsHost }: WatchFlags): Promise<Server> {
  const { metricsText } = await import('../fleet/metrics.js');
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('/metrics is what there is\n');
      return;
    }
    void metricsText(model, Date.now()).then((text) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(text);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', ({ message }) =>
      reject(new UserError('inUse', `--metrics ${metrics}: ${message}; take another port`)),
    );
    server.listen(metrics, metricsHost, () => {
      const { address, port } = server.address() as AddressInfo;
      console.error(`metrics on http://${address}:${port}/metrics`);
      resolve(server);
    });
  });
}

function ended(afterS: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    if (afterS !== undefined) setTimeout(resolve, afterS * 1000);
  });
}
