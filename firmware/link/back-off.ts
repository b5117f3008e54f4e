/**
 * How long to wait before the next attempt: doubling with jitter. The jitter comes from a
 * checksum over the unit's id and the attempt, because the device's random numbers are the same
 * on every unit after every boot, and a fleet must not come back in step.
 */
export const FIRST_WAIT_MS = 1000;
export const LONGEST_WAIT_MS = 30000;

/** Wait before attempt number `attempt` (1 after the first failure): half to the whole of the step. */
export function backOffMs(
  attempt: number,
  unitId: string,
  boot: number,
  crc32: (bytes: string) => number,
): number {
  const doublings = Math.min(attempt, 6) - 1;
  const step = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * Math.pow(2, doublings));
  const share = (crc32(unitId + ':' + boot + ':' + attempt) & 0xffff) / 0xffff;
  return Math.floor(step / 2 + (step / 2) * share);
}
