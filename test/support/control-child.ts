/** `sim control` as a process of its own, for tests that talk to it and that kill it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { loadScheme, type Scheme } from '../../host-sim/schemes/schema.js';
import { startSim } from './cli.js';

export const TOKENS = {
  ambulance: 'ambulance-0123456789abcdef-01234',
  partner: 'partner-0123456789abcdef-0123456',
  viewer: 'viewer-0123456789abcdef-01234567',
} as const;

export interface ControlFolder {
  readonly ledger: string;
  readonly scheme: Scheme;
  /** For `startControl`. */
  readonly flags: readonly string[];
  remove(): void;
}

/**
 * A folder with all that a control room needs: tokens, and London's scheme with so many vehicles, all
 * of one area, which are alerted one at a time although their AEDs were not seen to be ready.
 */
export function controlFolder(vehicles: number): ControlFolder {
  const path = mkdtempSync(join(tmpdir(), 'control-'));
  const london = loadScheme('london');
  const scheme: Scheme = {
    ...london,
    stations: [],
    fleet: london.fleet.slice(0, 1).map((each) => ({ ...each, vehicles })),
    eligibility: { ...london.eligibility, aedUnknown: 'tellCrew' },
    alerting: { ...london.alerting, units: 1, maxUnits: 1, maxTravelS: 3600 },
  };
  const [ledger, secrets, file] = ['ledger.ndjson', 'secrets.env', 'scheme.json'].map((name) =>
    join(path, name),
  ) as [string, string, string];
  writeFileSync(file, JSON.stringify(scheme));
  const lines = Object.entries(TOKENS).map(([role, token]) => {
    return `CONTROL_TOKEN_${role.toUpperCase()}=${token}\n`;
  });
  writeFileSync(secrets, lines.join(''), { mode: 0o600 });
  const flags = ['--scheme', file, '--ledger', ledger, '--secrets', secrets, '--port', '0'];
  return { ledger, scheme, flags, remove: () => rmSync(path, { recursive: true }) };
}

export interface ControlChild {
  readonly process: ChildProcessWithoutNullStreams;
  /** Its URL once it listens; null if it ended before. */
  readonly listening: Promise<string | null>;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it printed so far. */
  output(): string;
}

export function startControl(...flags: string[]): ControlChild {
  const child = startSim('control', ...flags);
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  const listening = new Promise<string | null>((resolve) => {
    child.stderr.on('data', (chunk) => (output += chunk));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const url = /listening\W+(http:[^\s,"]+)/.exec(output)?.[1];
      if (url) resolve(url);
    });
    void ended.then(() => resolve(null));
  });
  return { process: child, listening, ended, output: () => output };
}
