/** Vehicles and jobs for a bench without a scenario: around Bexleyheath, one of the pilot's areas. */
import type { Job } from '../control-room/control-room.js';
import type { Random } from '../world/random.js';
import type { ScenarioUnit } from './schema.js';

const HOME = { latitude: 51.4571, longitude: 0.1459 };
const STREETS = ['Townley Road', 'Broadway', 'Church Road', 'Long Lane', 'Brampton Road'];
const NOTES = ['Male 61, not breathing, CPR in progress', 'Female 48, collapsed in the shop', ''];

/** Vehicles on patrol, each with an AED and a crew that accepts. */
export function demoUnits(count: number): ScenarioUnit[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(2, '0');
    return {
      id: `met-bx${number}`,
      callSign: `BX${number}`,
      kind: 'vehicle',
      track: {
        pattern: 'patrol',
        latitude: HOME.latitude + index * 0.004,
        longitude: HOME.longitude + index * 0.006,
        speedKmh: 40,
      },
      aed: 'present',
      crew: { answer: 'accept', afterS: 3 },
    };
  });
}

export function demoJob(unit: ScenarioUnit, number: number, random: Random): Job {
  const near = () => random.between(-0.005, 0.005);
  return {
    ambulanceReference: `LAS-${4700 + number}`,
    latitude: unit.track.latitude + near(),
    longitude: unit.track.longitude + near(),
    address: `${random.integer(1, 120)} ${STREETS[random.integer(0, STREETS.length - 1)]}, Bexleyheath`,
    note: NOTES[random.integer(0, NOTES.length - 1)] ?? '',
  };
}
