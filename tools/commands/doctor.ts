/** `doctor`: says in words what is wrong with a unit and what to do. It changes nothing. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { Refusal } from '../../protocol/codes.js';
import { newPeerState, UnitPeer } from '../../protocol/host/unit-peer.js';
import { stateTopic, upTopic } from '../../protocol/topics.js';
import { readBundle } from '../board/bundle-files.js';
import { BoardConsole } from '../board/console.js';
import { diagnose, type Finding } from '../board/diagnosis.js';
import type { BrokerFacts } from '../board/diagnosis-broker.js';
import type { Expected } from '../board/diagnosis-row.js';
import { readRunningFacts, type ConsoleFacts } from '../board/facts.js';
import { openLine } from '../board/line.js';
import { passwordsOf, wantedUnit } from '../board/from-fleet.js';
import { ExitCode, UserError } from '../exit-codes.js';
import { connectBroker } from '../fleet/broker.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import { takeRole } from '../fleet/state.js';
import { WatchModel, type WatchedUnit } from '../fleet/watch-model.js';
import { fleetOptions, integer, say, type FleetFlags } from './options.js';

interface DoctorFlags extends FleetFlags {
  readonly port?: string;
  /** True for the fleet's own. */
  readonly broker?: string | true;
  readonly for: number;
  readonly bundle?: string;
}

export function addDoctor(program: Command): void {
  fleetOptions(program.command('doctor'))
    .description('what is wrong with a unit and what to do, from its console or the broker')
    .argument('<unit>', 'call sign or unit id')
    .option('--port <port>', 'looks at its console: a serial port, or tcp://HOST:PORT')
    .option('--broker [url]', "listens on the fleet's first broker, or another")
    .option('--for <s>', 'seconds to listen there', integer(1, 3600), 10)
    .option('--bundle <file>', "the unit's bundle, if not the one just built")
    .action(doctor);
}

async function doctor(name: string, flags: DoctorFlags): Promise<void> {
  const { port, broker } = flags;
  if (port === undefined && broker === undefined) {
    throw new UserError('usage', 'expected --port PORT, --broker, or both');
  }
  const fleet = openFleet(flags.fleet, flags);
  const unit = fleet.find(name);
  const findings = diagnose({
    expected: expectedOf(fleet, unit, flags),
    ...(port === undefined ? {} : { console: await orWhy(() => readConsole(fleet, unit, port)) }),
    ...(broker === undefined ? {} : { broker: await orWhy(() => listen(fleet, unit, flags)) }),
  });
  const { unitId, callSign } = unit;
  say(flags, { unitId, callSign, findings }, inText(unit, findings));
  if (findings.length > 0) process.exitCode = ExitCode.checkFailed;
}

function inText({ callSign, unitId }: FleetUnit, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${callSign} (${unitId}): nothing wrong is found`;
  const lines = findings.map(
    ({ id, wrong, whatToDo }) => `${id}: ${wrong}\n  what to do: ${whatToDo}`,
  );
  return [`${callSign} (${unitId}): ${findings.length} found`, ...lines].join('\n');
}

function expectedOf(fleet: Fleet, unit: FleetUnit, flags: DoctorFlags): Expected {
  const packageFile = new URL('../../package.json', import.meta.url);
  return {
    wanted: wantedUnit(fleet, unit, readBundle(flags.bundle), Math.floor(Date.now() / 1000)),
    version: (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version,
  };
}

/** What was found, or why nothing was: that too is a finding. */
async function orWhy<T>(look: () => Promise<T>): Promise<T | string> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError && REASONS.includes(error.exit)) return error.message;
    throw error;
  }
}

const REASONS: readonly string[] = ['board', 'brokerUnreachable'];

async function readConsole(fleet: Fleet, unit: FleetUnit, port: string): Promise<ConsoleFacts> {
  const passwords = passwordsOf(fleet, unit);
  const board = new BoardConsole(await openLine(port), { passwords });
  try {
    await board.greet();
    await board.teach();
    return await readRunningFacts(board);
  } finally {
    await board.leave();
    await board.close();
  }
}

async function listen(fleet: Fleet, unit: FleetUnit, flags: DoctorFlags): Promise<BrokerFacts> {
  const url = typeof flags.broker === 'string' ? flags.broker : undefined;
  const release = takeRole(fleet, 'watch');
  const model = new WatchModel([unit]);
  // Its own state, kept nowhere: what is found here must not depend on what was heard before.
  const nowS = Math.floor(Date.now() / 1000);
  const peer = new UnitPeer(fleet.secret(), unit.unitId, newPeerState(unit.generation), nowS);
  try {
    const client = await connectBroker(fleet, 'tools.watch', url);
    const lost = new Promise<boolean>((resolve) => client.once('close', () => resolve(true)));
    // `close` comes with it.
    client.on('error', () => {});
    client.on('message', (topic, payload) => {
      const received = peer.open(topic, payload);
      // A message that comes again with a new subscription is none of its faults.
      if (received === Refusal.replayed || received === Refusal.stale) return;
      if (typeof received === 'number') model.refuse(unit.unitId, received);
      else model.take(unit.unitId, received, Date.now());
    });
    await client.subscribeAsync([stateTopic(unit.unitId), upTopic(unit.unitId)], { qos: 1 });
    // With nothing left to listen to, the process ends before the time does.
    const isLost = await Promise.race([lost, wait(flags.for * 1000, false, { ref: false })]);
    await client.endAsync(true);
    if (isLost) throw new UserError('brokerUnreachable', 'the broker ended the connection');
  } finally {
    release();
  }
  const watched = model.units.get(unit.unitId) as WatchedUnit;
  return { unit: watched, nowMs: Date.now(), listenedS: flags.for };
}
