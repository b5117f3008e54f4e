/** `npm run bench -- --fleet N`: a dispatch to one and to all of a fleet, over real sockets. */
import Table from 'cli-table3';
import { connectAsync, type MqttClient } from 'mqtt';
import { measureFleet, type FleetResult, type Times } from '../bench/fleet-rows.js';
import { requireBroker } from '../bench/networks.js';
import type { Spread } from '../bench/spread.js';
import { loadBundle } from '../espruino/bundle.js';
import { ExitCode } from '../exit-codes.js';

export interface BenchFleetFlags {
  readonly fleet: number;
  readonly rounds: number;
  readonly messages: number;
  readonly broker?: string;
  readonly bundle?: string;
  readonly json?: boolean;
}

export async function benchFleet(flags: BenchFleetFlags): Promise<void> {
  const bundle = loadBundle(flags.bundle);
  const { fleet, rounds, messages, broker } = flags;
  if (broker) await requireBroker(broker);
  const watch = broker ? await endWith(broker) : null;
  const result = await measureFleet(bundle, fleet, rounds, messages, broker);
  watch?.end();
  console.log(flags.json ? JSON.stringify(result, null, 2) : inWords(result));
}

/** Hundreds of clients wait for a broker that is gone, each in its turn: with it, the process ends. */
async function endWith(broker: string): Promise<MqttClient> {
  const watch = await connectAsync(broker, { reconnectPeriod: 0 });
  watch.on('error', () => {});
  watch.once('close', () => {
    if (watch.disconnecting) return;
    const advice = 'see why it ended, start it, and run this again';
    console.error(`sim: the broker at ${broker} was lost on the way: ${advice}`);
    process.exit(ExitCode.brokerLost);
  });
  return watch;
}

function inWords(result: FleetResult): string {
  const { broker, units, rounds, messagesARound, rows, dispatched, sounded } = result;
  const head = [`${units} units on ${broker}`, 'p50', 'p95', 'p99', 'max', 'units'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { to, socket, pin, bare, ratioP50, ratioMax, pinCpuMs, bareCpuMs } of rows) {
    table.push(
      [`to ${to}: publish → unit's socket`, ...shown(socket), 'ms'],
      [`to ${to}: publish → sounder's pin`, ...shown(pin), 'ms'],
      [`to ${to}: publish → bare mqtt.js`, ...shown(bare), 'ms'],
      [`to ${to}: pin / bare, by round`, spread(ratioP50), '', '', spread(ratioMax), 'x'],
      [`to ${to}: CPU of this process, units`, spread(pinCpuMs), '', '', '', 'ms'],
      [`to ${to}: CPU of this process, bare`, spread(bareCpuMs), '', '', '', 'ms'],
    );
  }
  return [
    table.toString(),
    `${rounds} rounds of ${messagesARound} dispatches to one and one to all, each beside the bare ones`,
    `dispatched ${dispatched}, sounded ${sounded}, twice ${result.soundedTwice}`,
    'Units, bare subscribers and control room share one Node process: a dispatch to all is its queue.',
  ].join('\n');
}

function shown({ p50Ms, p95Ms, p99Ms, maxMs }: Times): string[] {
  return [p50Ms, p95Ms, p99Ms, maxMs].map((ms) => ms.toFixed(2));
}

function spread({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} [${least.toFixed(2)} ${most.toFixed(2)}]`;
}
