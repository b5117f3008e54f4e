/**
 * `sim control`: the control room as a service, until Ctrl-C or SIGTERM. Whatever ends it, the next
 * start on the same ledger goes on where this one was.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemeVehicles, startVehicle } from '../bench/scheme-vehicles.js';
import { embeddedTcpNetwork, tcpNetwork, type BenchNetwork } from '../bench/networks.js';
import type { Line } from '../control-room/events.js';
import { startService, type Service } from '../control-room/service.js';
import { loadBundle } from '../espruino/bundle.js';
import { UserError } from '../exit-codes.js';
import { openLedgerReader } from '../http/ledger-reader.js';
import { createHttpEndpoint } from '../http/server.js';
import { createServicePort } from '../http/service-port.js';
import { loadScheme, type Scheme } from '../schemes/schema.js';
import { RealClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { controlSecrets, FLEET_SECRET_VARIABLE, type ControlSecrets } from './control-secrets.js';

export interface ControlFlags {
  readonly scheme: string;
  readonly broker?: string;
  readonly brokerPort: number;
  readonly port: number;
  readonly host: string;
  readonly ledger?: string;
  readonly secrets: string;
  readonly vehicles: number;
  readonly bundle?: string;
  readonly json?: boolean;
}

/** Of the virtual vehicles. */
const CREW = { answer: 'accept', afterS: 3 } as const;
/** A model with a lamp that blinks while it is ready (SPEC, AED profiles). */
const VIRTUAL_AED = 2;

export async function control(flags: ControlFlags): Promise<void> {
  const scheme = loadScheme(flags.scheme);
  const ledger = flags.ledger ?? join('control', `${scheme.id}.ndjson`);
  for (const path of [ledger, flags.secrets]) mkdirSync(dirname(path), { recursive: true });
  const secrets = controlSecrets(process.env, flags.secrets);
  requireBenchSecret(flags, secrets);
  const bundle = flags.vehicles > 0 ? loadBundle(flags.bundle) : null;
  const clock = new RealClock();
  const ending = endOfProcess();
  const network = flags.broker
    ? await tcpNetwork(clock, flags.broker, secrets.login)
    : await embeddedTcpNetwork(clock, flags.brokerPort);
  const say = flags.json ? (line: Line) => console.log(JSON.stringify(line)) : sayInWords;
  const units = schemeVehicles(scheme, flags.vehicles, CREW);
  const unequipped = new Set(units.map(({ id }) => id));
  let tell = () => {};
  const service: Service = await startService({
    scheme,
    ledger,
    clock,
    secret: secrets.fleetSecret,
    // Its session is kept: what units say while it is away waits for it at the broker.
    connect: () => watched(network.connect(`cr-control-${scheme.id}`, { clean: false }), flags),
    onLine: (line) => {
      say(line);
      tell();
      // Which AED it carries: without that nothing it sees of one means that it is ready.
      if (line.what === 'unit' && line.unit && unequipped.delete(line.unit)) {
        service.controlRoom.configure(line.unit, { aedProfile: VIRTUAL_AED });
      }
    },
  });
  const reader = await openLedgerReader(ledger);
  const port = createServicePort(service, reader, (error) => {
    ending.fail(new UserError('badFile', `${ledger}: cannot be written: ${error.message}`));
  });
  tell = port.tell;
  const endpoint = await createHttpEndpoint({
    port,
    clock,
    tokens: secrets.tokens,
    partner: scheme.partner.id,
    onFault: (error) => console.error(`sim control: ${error.stack}`),
  });
  let failed = true;
  const random = new Random(1);
  const vehicles = bundle
    ? units.map((unit) => startVehicle(unit, clock, network, random.fork(unit.id), bundle))
    : [];
  try {
    const url = await endpoint.listen(flags.port, flags.host);
    greet({ flags, scheme, ledger, secrets, network, service, url });
    await ending.signal;
    failed = false;
  } finally {
    await endpoint.close();
    for (const { gps, host } of vehicles) {
      gps.stop();
      host.cutPower();
    }
    // What a ledger did not take is not kept elsewhere either.
    await (failed ? service.controlRoom.close() : service.close());
    await reader.close();
    await network.close();
    clock.stop();
  }
}

/** Resolves with the first signal to end, and fails when told to. */
function endOfProcess() {
  let fail: (error: Error) => void = () => {};
  const signal = new Promise<void>((resolve, reject) => {
    fail = reject;
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  // (Whoever awaits it may do so later.)
  signal.catch(() => {});
  return { signal, fail: (error: Error) => fail(error) };
}

function requireBenchSecret({ vehicles }: ControlFlags, { isBenchSecret }: ControlSecrets): void {
  if (vehicles === 0 || isBenchSecret) return;
  const why = `virtual vehicles have the bench's own keys, and ${FLEET_SECRET_VARIABLE} is set`;
  throw new UserError('usage', `--vehicles: ${why}: give one or the other`);
}

/** Says when the broker is reached and when it is lost. */
function watched<C extends ReturnType<BenchNetwork['connect']>>(client: C, flags: ControlFlags): C {
  const say = (text: string) => {
    if (!flags.json) console.log(`${timeOf(Date.now())}  broker ${text}`);
  };
  let isThere = false;
  client.on('connect', () => {
    isThere = true;
    say('reached');
  });
  client.on('close', () => {
    if (isThere && !client.disconnecting) say('lost: it is tried again each second');
    isThere = false;
  });
  client.on('error', (error) => say(`refuses: ${error.message}`));
  return client;
}

interface Greeting {
  readonly flags: ControlFlags;
  readonly scheme: Scheme;
  readonly ledger: string;
  readonly secrets: ControlSecrets;
  readonly network: BenchNetwork;
  readonly service: Service;
  readonly url: string;
}

function greet({ flags, scheme, ledger, secrets, network, service, url }: Greeting): void {
  const { torn, linesRead, coordinator } = service;
  if (flags.json) {
    console.log(JSON.stringify({ listening: url, ledger, linesRead, broker: network.port }));
    return;
  }
  const { size } = coordinator.state.units;
  const whose = flags.broker ? '' : ' (embedded)';
  const begun = secrets.isNew ? ' (begun, with tokens of its own)' : '';
  const lines = [
    `scheme      ${scheme.name}; ${size} units`,
    `ledger      ${ledger}, ${linesRead} lines read`,
    ...(torn
      ? [`            ${torn.bytes} bytes of an unfinished line are in ${torn.keptIn}`]
      : []),
    `broker      mqtt://${network.host}:${network.port}${whose}`,
    `secrets     ${flags.secrets}${begun}, and the environment`,
    ...(secrets.isBenchSecret
      ? ["            the fleet's secret is the bench's: for no real unit"]
      : []),
    `listening   ${url}, described in ${url}/openapi.json`,
    `try         set -a; . ${flags.secrets}`,
    `            curl -s -H "Authorization: Bearer $CONTROL_TOKEN_VIEWER" ${url}/incidents`,
    'Ctrl-C ends\n',
  ];
  console.log(lines.join('\n'));
}

/** What a person wants to see of a line; all of it is in the ledger. */
function sayInWords({ n, atMs, what, incident, unit, reasons, ...more }: Line): void {
  const { step, report, area, open, because } = more;
  const said = [
    incident,
    unit,
    step,
    report && Object.values(report).join(' '),
    area,
    open === undefined ? undefined : open ? 'open' : 'closed',
    because,
    reasons && reasons.length > 0 ? `(${reasons.join(', ')})` : undefined,
  ];
  const words = said.filter((each) => each !== undefined && each !== null && each !== '');
  console.log(`${timeOf(atMs)}  ${String(n).padStart(6)}  ${what.padEnd(12)}  ${words.join('  ')}`);
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().substring(11, 23);
}
