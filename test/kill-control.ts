/**
 * `npm run kill-control`: the control room killed at many seeded instants, by default 100.
 * KILL_INSTANTS and KILL_SEED say otherwise. On Mosquitto where it is installed.
 */
import { embeddedTcpNetwork } from '../host-sim/bench/networks.js';
import { RealClock } from '../host-sim/world/clock.js';
import { killControl } from './support/kill-control.js';
import { findMosquitto, startMosquitto } from './support/mosquitto.js';

const instants = Number(process.env['KILL_INSTANTS'] ?? 100);
const seed = Number(process.env['KILL_SEED'] ?? 1);
const command = findMosquitto();
const clock = new RealClock();

async function startBroker(): Promise<{ url: string; stop(): Promise<void> }> {
  if (command !== null) return startMosquitto(command);
  const { port, close } = await embeddedTcpNetwork(clock, 0);
  return { url: `mqtt://127.0.0.1:${port}`, stop: close };
}

const broker = await startBroker();
try {
  console.log(`broker ${command ?? 'embedded'}, seed ${seed}`);
  const result = await killControl(broker.url, instants, seed, console.log);
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = result.faults.length > 0 ? 1 : 0;
} finally {
  await broker.stop();
  clock.stop();
}
