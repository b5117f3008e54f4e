/**
 * `sim city-speed`: how many times faster than real time a city of units passes on one processor in
 * a quiet hour, and what there is to do in it.
 */
import Table from 'cli-table3';
import { measureCity, type CityRow } from '../bench/city-row.js';
import type { Spread } from '../bench/spread.js';
import { loadBundle } from '../espruino/bundle.js';

export interface CitySpeedFlags {
  readonly units: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly epoch: number;
  readonly fixPeriod: number;
  readonly slot: number;
  readonly moving: number;
  readonly seed?: number;
  readonly bundle?: string;
  readonly json?: boolean;
}

export async function citySpeed(flags: CitySpeedFlags): Promise<void> {
  const bundle = loadBundle(flags.bundle);
  const rows: CityRow[] = [];
  for (const units of flags.units) {
    const row = await measureCity(bundle, {
      units,
      rounds: flags.rounds,
      roundS: flags.seconds,
      epochMs: flags.epoch,
      fixPeriodS: flags.fixPeriod,
      slotMs: flags.slot,
      movingShare: flags.moving,
      seed: flags.seed ?? 1,
    });
    rows.push(row);
  }
  console.log(flags.json ? JSON.stringify(rows, null, 2) : inWords(rows));
}

function inWords(rows: readonly CityRow[]): string {
  const style = { head: [], border: [] };
  const table = new Table({
    head: ['units', 'times real time', 'us a unit-second', 'start', 'memory'],
    style,
  });
  for (const row of rows) {
    table.push([
      row.units,
      shown(row.timesRealTime),
      shown(row.usPerUnitSecond),
      `${row.startMsPerUnit.toFixed(1)} ms a unit`,
      `${row.memoryKbPerUnit.toFixed(0)} kB a unit`,
    ]);
  }
  return [table.toString(), ...rows.map(workOf)].join('\n');
}

function workOf(row: CityRow): string {
  const { rounds, roundS, epochMs, fixPeriodS, slotMs, movingShare } = row;
  const standing = fixPeriodS > 0 ? ` (every ${fixPeriodS} s while it stands)` : '';
  const each = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count.toFixed(1)}`)
      .join(', ');
  return [
    `${row.units} units: ${rounds} rounds of ${roundS} s, ${(movingShare * 100).toFixed(0)} % driving, ` +
      `an epoch of the receiver every ${epochMs} ms${standing}, slots of ${slotMs} ms; a unit and hour:`,
    `  messages  ${each(row.messagesPerUnitHour)}`,
    `  timers    ${row.timersPerUnitHour.toFixed(1)}`,
  ].join('\n');
}

function shown({ median, least, most }: Spread): string {
  return `${median.toFixed(1)} [${least.toFixed(1)} ${most.toFixed(1)}]`;
}
