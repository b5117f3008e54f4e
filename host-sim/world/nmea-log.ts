/**
 * A recorded NMEA log as epochs: what a receiver wrote about one instant. Rule: every byte of the log
 * is in exactly one epoch, whatever it is; only whole sentences with a right checksum tell the time.
 */

export interface Epoch {
  /** Since the log's first epoch. */
  readonly elapsedMs: number;
  /** Null before the log has told a date. */
  readonly utcMs: number | null;
  readonly bytes: string;
}

const DAY_MS = 86_400_000;

interface Stamp {
  readonly timeOfDayMs: number;
  /** Midnight of the date, from RMC only. */
  readonly dayMs: number | null;
}

/** Epoch milliseconds of the first RMC that has a time and a date, or null. */
export function firstTimeOf(log: Buffer): number | null {
  for (const line of linesOf(log.toString('latin1'))) {
    const stamp = stampOf(line);
    if (stamp && stamp.dayMs !== null) return stamp.dayMs + stamp.timeOfDayMs;
  }
  return null;
}

/** A new epoch begins with the first sentence that has another time than those before. */
export function epochsOf(log: Buffer): Epoch[] {
  const epochs: Epoch[] = [];
  let bytes = '';
  let elapsedMs = 0;
  let dayMs: number | null = null;
  let timeOfDayMs: number | null = null;
  const close = () => {
    const known: boolean = dayMs !== null && timeOfDayMs !== null;
    const utcMs = known ? (dayMs as number) + (timeOfDayMs as number) : null;
    if (bytes !== '') epochs.push({ elapsedMs, utcMs, bytes });
    bytes = '';
  };
  for (const line of linesOf(log.toString('latin1'))) {
    const stamp = stampOf(line);
    if (stamp && stamp.timeOfDayMs !== timeOfDayMs) {
      if (timeOfDayMs !== null) {
        close();
        // Over midnight; a log that jumps back in time plays on without a pause.
        const stepMs = (stamp.timeOfDayMs - timeOfDayMs + DAY_MS) % DAY_MS;
        elapsedMs += stepMs < DAY_MS / 2 ? stepMs : 0;
        if (dayMs !== null && stamp.timeOfDayMs < timeOfDayMs && stepMs < DAY_MS / 2)
          dayMs += DAY_MS;
      }
      timeOfDayMs = stamp.timeOfDayMs;
    }
    if (stamp?.dayMs !== undefined && stamp.dayMs !== null) dayMs = stamp.dayMs;
    bytes += line;
  }
  close();
  return epochs;
}

/** With their line ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const STAMPED = /\$[A-Z]{2}(RMC|GGA),(\d{2})(\d{2})(\d{2}(?:\.\d+)?),([^*]*)\*([0-9A-Fa-f]{2})/;

function stampOf(line: string): Stamp | null {
  const found = STAMPED.exec(line);
  if (!found || !isIntact(found[0])) return null;
  const [, type, hours, minutes, seconds, rest = ''] = found;
  const timeOfDayS = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const date = type === 'RMC' ? /^(\d{2})(\d{2})(\d{2})$/.exec(rest.split(',')[7] ?? '') : null;
  return { timeOfDayMs: Math.round(timeOfDayS * 1000), dayMs: date && midnightOf(date) };
}

function midnightOf([, day, month, year]: RegExpExecArray): number {
  const shortYear = Number(year);
  return Date.UTC(shortYear + (shortYear < 80 ? 2000 : 1900), Number(month) - 1, Number(day));
}

function isIntact(text: string): boolean {
  const star = text.lastIndexOf('*');
  let sum = 0;
  for (let i = 1; i < star; i++) sum ^= text.charCodeAt(i);
  return sum === parseInt(text.slice(star + 1), 16);
}
