/**
 * `sim board`: a virtual board behind a TCP port, as it comes out of its box with Espruino on it: to
 * practise `provision` and `doctor` on. Provisioned, it is a unit in a parked vehicle, and calls the
 * broker that is in its settings.
 */
import { loadBundle } from '../espruino/bundle.js';
import { Flash } from '../espruino/storage.js';
import { tcpNetwork } from '../bench/networks.js';
import { ConsoleBoard } from '../console/console-board.js';
import { KeptFlash } from '../console/kept-flash.js';
import { BoardPort } from '../console/port.js';
import { demoUnits } from '../scenarios/demo.js';
import { RealClock } from '../world/clock.js';
import type { Dial } from '../world/connection.js';
import { createTrackReceiver } from '../world/gps-receiver.js';
import { Random } from '../world/random.js';
import { createTcpLink } from '../world/tcp.js';
import { createTrack } from '../world/track.js';
import { Vehicle } from '../world/vehicle.js';

export interface BoardFlags {
  readonly port: number;
  readonly flash?: string;
  readonly broker?: string;
  readonly holdButtons?: boolean;
  readonly seed?: number;
  readonly bundle?: string;
  readonly json?: boolean;
}

const GPS_BAUD = 9600;

export async function board(flags: BoardFlags): Promise<void> {
  const clock = new RealClock(Date.now());
  const random = new Random(flags.seed ?? 1);
  const kept = flags.flash === undefined ? null : KeptFlash.open(flags.flash);
  const made = new ConsoleBoard({
    clock,
    random,
    dial: await dialOf(clock, flags.broker),
    bundle: loadBundle(flags.bundle),
    flash: kept ?? new Flash(),
  });
  const port = await BoardPort.open(made, flags.port);
  const vehicle = vehicleOf(made, clock, random);
  const say = (what: string) => {
    const atMs = clock.nowMs();
    const line = `${new Date(atMs).toISOString().substring(11, 23)}  ${what}`;
    console.log(flags.json ? JSON.stringify({ atMs, what }) : line);
  };
  made.onState((state) => say(`console ${state}`));
  made.host.onEvent(({ kind, detail }) => say(detail ? `${kind}: ${detail}` : kind));
  vehicle.onAlarm(() => say('SOUNDS'));
  console.log(
    flags.json
      ? JSON.stringify({ board: port.url })
      : `board       ${port.url}\nCtrl-C switches it off\n`,
  );
  made.holdButtons(flags.holdButtons ?? false);
  vehicle.gps.start();
  made.powerOn();
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  vehicle.gps.stop();
  made.cutPower();
  port.close();
  kept?.save();
  clock.stop();
}

/** To the broker of the unit's settings, or to another one in its place. */
async function dialOf(clock: RealClock, broker: string | undefined): Promise<Dial> {
  const { dial } = createTcpLink(clock);
  if (broker === undefined) return dial;
  const { host, port } = await tcpNetwork(clock, broker);
  return () => dial(host, port);
}

/** Parked, with an AED that is ready and a crew that accepts. */
function vehicleOf(made: ConsoleBoard, clock: RealClock, random: Random): Vehicle {
  const [place] = demoUnits(1);
  const gps = createTrackReceiver(
    clock,
    createTrack(place!.track, random.fork('track')),
    random.fork('gps'),
    (bytes) => made.host.feedSerial(bytes),
    { baud: GPS_BAUD },
  );
  const vehicle = new Vehicle('board', made.host, clock, gps, { answer: 'accept', afterS: 3 });
  vehicle.aed.seat(true);
  return vehicle;
}
