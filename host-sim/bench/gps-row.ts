/**
 * A receiver's line, read by the unit's own reader and by GPS.js: six sentences an epoch, in pieces
 * of 48 bytes, from the first byte to the callback of the last epoch. Beside both, the same line
 * into nothing, which is taken off.
 */
import { fixSentences } from '../world/nmea.js';
import { startDeviceBench } from './interpreter-rows.js';
import { moduleExpression } from './peer.js';
import { spreadOf, type Spread } from './spread.js';

export interface GpsRow {
  /** Mean per sentence. */
  readonly us: Spread;
  readonly peerUs: Spread;
  readonly ratio: Spread;
  readonly sentencesAnEpoch: number;
}

const EPOCHS = 10;
const TIMES = 3;
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

export async function measureGps(command: string, peer: string, rounds: number): Promise<GpsRow> {
  const nmea = Array.from({ length: EPOCHS }, (_, second) => epoch(second)).join('');
  const sentences = nmea.split('$').length - 1;
  const device = await startDeviceBench(command, { nmea, gps: peer });
  const perSentence = async (whose: 'nobody' | 'own' | 'peer'): Promise<number> => {
    await device.ask(`bench.pump("${whose}",${EPOCHS},${TIMES})`);
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const us = (await device.ask('bench.pumped()')) as number | null;
      if (us !== null) return us / (sentences * TIMES);
    }
    throw new Error(`an epoch of ${whose} was never told`);
  };
  const own: number[] = [];
  const other: number[] = [];
  try {
    await device.ask(moduleExpression('GPS', 'gps'));
    await device.ask('bench.setPeer(require("GPS").connect)');
    for (let round = -1; round < rounds; round++) {
      const nothing = await perSentence('nobody');
      const us = (await perSentence('own')) - nothing;
      const peerUs = (await perSentence('peer')) - nothing;
      if (round < 0) continue;
      own.push(us);
      other.push(peerUs);
    }
  } finally {
    await device.close();
  }
  return {
    us: spreadOf(own),
    peerUs: spreadOf(other),
    ratio: spreadOf(own.map((us, round) => us / (other[round] as number))),
    sentencesAnEpoch: sentences / EPOCHS,
  };
}

function epoch(second: number): string {
  return fixSentences({
    utcMs: 1767261600000 + second * 1000,
    latitude: 51.535613 + second * 1e-4,
    longitude: -0.143152,
    speedMPerS: 13.4,
    courseDeg: 274.5,
    altitudeM: 31.2,
    satellites: 8,
    hdop: 0.95,
  });
}
