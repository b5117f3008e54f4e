/**
 * The control room at work: the coordinator decides, the journal keeps, and only then the units are
 * told, over MQTT. Started again on the same ledger it goes on where it was.
 */
import type { MqttClient } from 'mqtt';
import type { Scheme } from '../schemes/schema.js';
import type { Timer, WorldClock } from '../world/clock.js';
import { Asking } from './asking.js';
import { ControlRoom, type ControlEvent } from './control-room.js';
import { createCoordinator } from './coordinator.js';
import { Counters } from './counters.js';
import type { Coordinator, Effect, Input, Line, Place } from './events.js';
import { inputOf } from './from-units.js';
import { openJournal, readJournal, type TornEnd } from './journal.js';
import { readKept, writeKept } from './kept.js';
import { lockLedger } from './lock.js';
import type { State } from './state.js';
import { jobOf, textsOf, standDownReasonOf } from './to-units.js';

export interface ServiceOptions {
  readonly scheme: Scheme;
  /** Path of the ledger; what is kept beside it is in `….units.json` and `….counter`. */
  readonly ledger: string;
  readonly clock: WorldClock;
  /** The fleet's secret. */
  readonly secret: Uint8Array;
  /**
   * Makes the MQTT client; it must keep trying by itself. With `clean: false` and a fixed client id
   * the broker keeps what units say while the control room is away.
   */
  readonly connect: () => MqttClient;
  /** Told of every new line, before what follows from it is done. */
  readonly onLine?: (line: Line) => void;
  /**
   * Tells a volunteer's telephone; false if it could not: tried again at the next start. Without it
   * no volunteer is told.
   */
  readonly tellVolunteer?: (alert: VolunteerAlert) => boolean;
}

/** All that a volunteer is told: nothing of the patient (L14). */
export interface VolunteerAlert {
  readonly volunteer: string;
  readonly incident: string;
  readonly place: Place;
  readonly address: string;
}

export interface Service {
  readonly coordinator: Coordinator & { readonly state: State };
  readonly controlRoom: ControlRoom;
  /** Lines that the ledger had at the start. */
  readonly linesRead: number;
  readonly torn: TornEnd | null;
  /** Decides, keeps, does; gives the new lines. */
  take(input: Input): readonly Line[];
  /** Says good-bye to the units and ends. */
  close(): Promise<void>;
}

/** Between two writes of what is kept beside the ledger. */
const KEEP_PERIOD_MS = 10_000;

/** @throws UserError if the ledger is none of this scheme, damaged, or in use by another process */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { scheme, ledger, clock, secret, connect, onLine = () => {}, tellVolunteer } = options;
  const coordinator = createCoordinator(scheme);
  const { state } = coordinator;
  const unlock = lockLedger(ledger);
  const journal = openJournal(ledger);
  for await (const line of readJournal(ledger)) coordinator.apply(line);
  const linesRead = state.n;
  const keptPath = `${ledger}.units.json`;
  const controlRoom = new ControlRoom({
    clock,
    secret,
    units: [...state.units.keys()],
    connect,
    peers: readKept(keptPath, state.heard),
    counters: new Counters(`${ledger}.counter`),
    watch: hear,
    onQueued: (name, alertId) => {
      const step = name === 'dispatch' ? 'sent' : 'standDownSent';
      take({ do: 'step', alertId, step, reason: '', stepAtMs: Math.floor(clock.nowMs()) });
    },
    onUpdated: (alertId, revision) => take({ do: 'updateSent', alertId, revision }),
  });
  const asking = new Asking(clock, (unit) => controlRoom.command(unit, 'report'));
  /** Of whom something was heard since this start. */
  const heard = new Set<string>();
  let isOpen = true;
  let dueTimer: Timer | null = null;

  /** A birth, also one that the broker kept, or the first word of a unit: it is asked for the rest. */
  function hear(event: ControlEvent): void {
    const { unit, name } = event;
    const input = inputOf(event);
    if (!input) return;
    const isFirst = !heard.has(unit) && state.units.has(unit);
    heard.add(unit);
    if (name === 'birth' || (isFirst && name !== 'death')) asking.add(unit);
    take(input);
  }

  function decide(input: Input): readonly Line[] {
    // A ledger has whole milliseconds: what is beyond is the noise of the clock.
    const lines = coordinator.take(input, Math.floor(clock.nowMs()));
    // What units say of themselves they say again: it need not wait for the disk.
    journal.append(
      lines,
      lines.some(({ what }) => what !== 'unit'),
    );
    lines.forEach(onLine);
    return lines;
  }

  function take(input: Input): readonly Line[] {
    if (!isOpen) return [];
    const lines = decide(input);
    for (const line of lines) coordinator.effects(line).forEach(perform);
    setTimer();
    return lines;
  }

  function perform(effect: Effect): void {
    if (effect.do === 'alertVolunteer') return tell(effect);
    const { alertId } = effect;
    try {
      if (effect.do === 'alert') {
        const { issuedAtMs, expiresAtMs } = effect;
        controlRoom.dispatch(effect.unit, jobOf(effect), { id: alertId, issuedAtMs, expiresAtMs });
      } else if (effect.do === 'update') {
        const { unit, revision, expiresAtMs } = effect;
        controlRoom.revise(unit, textsOf(effect.call), { id: alertId, revision, expiresAtMs });
      } else {
        const unit = state.alerts.get(alertId)?.unit;
        controlRoom.standDown(alertId, standDownReasonOf(effect.reason), unit);
      }
    } catch (error) {
      if (effect.do !== 'alert') throw error;
      // What cannot be sent to this unit is offered to the next.
      const reason = `notSent: ${(error as Error).message}`;
      take({ do: 'step', alertId, step: 'refused', reason, stepAtMs: Math.floor(clock.nowMs()) });
    }
  }

  function tell({ volunteer, incident }: Extract<Effect, { do: 'alertVolunteer' }>): void {
    const call = state.incidents.get(incident)?.call;
    if (!tellVolunteer || !call) return;
    const { place, address } = call;
    if (!tellVolunteer({ volunteer, incident, place, address })) return;
    take({ do: 'volunteer', volunteer, incident, what: 'sent' });
  }

  function setTimer(): void {
    const dueMs = coordinator.nextDueMs();
    if (dueTimer?.atMs === dueMs) return;
    if (dueTimer) clock.cancel(dueTimer);
    dueTimer = null;
    if (dueMs === null) return;
    dueTimer = clock.after(dueMs - clock.nowMs(), () => {
      dueTimer = null;
      take({ do: 'time' });
    });
  }

  function keep(): void {
    writeKept(keptPath, controlRoom.peerStates(), state.heard);
  }

  function keepRegularly(): void {
    clock.after(KEEP_PERIOD_MS, () => {
      if (!isOpen) return;
      keep();
      keepRegularly();
    });
  }

  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    asking.stop();
    if (dueTimer) clock.cancel(dueTimer);
    await controlRoom.close();
    keep();
    journal.close();
    unlock();
  }

  // What a crash cut off is decided first; then all is done that nobody confirmed.
  decide({ do: 'time' });
  coordinator.unconfirmed().forEach(perform);
  setTimer();
  keepRegularly();
  return { coordinator, controlRoom, linesRead, torn: journal.torn, take, close };
}
