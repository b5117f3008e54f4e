/**
 * The unit: what it is made of. Every decision is in the part that it belongs to, and who tells
 * whom is in `fitting/`.
 */
import { createWindow } from '../protocol/seal/window.js';
import type { UnitSettings } from '../protocol/settings.js';
import { downTopic } from '../protocol/topics.js';
import type { Bay } from './aed/bay.js';
import type { Board } from './boards/board.js';
import { openConfig, type ConfigKeeper } from './config/config.js';
import type { Crew } from './crew/crew.js';
import { createLamps, type Lamps } from './crew/lamps.js';
import type { Alarm } from './dispatch/alarm.js';
import type { Desk } from './dispatch/desk.js';
import { fitAlarm, fitDesk } from './fitting/alarm-and-desk.js';
import { fitBay } from './fitting/bay.js';
import { fitContacts } from './fitting/contacts.js';
import { fitCrew } from './fitting/crew.js';
import { fitHealth } from './fitting/health.js';
import { fitLink } from './fitting/link.js';
import { fitPosition } from './fitting/position.js';
import { applySettings } from './fitting/settings.js';
import { fitTags } from './fitting/tags.js';
import { fitTasks } from './fitting/tasks.js';
import { createControl, type Control } from './link/control.js';
import type { Inbox } from './link/inbox.js';
import type { Link } from './link/link.js';
import { createOutbox, type Outbox } from './link/outbox.js';
import type { Session } from './link/session.js';
import type { Ports } from './ports/ports.js';
import { createBacklog, type Backlog } from './position/backlog.js';
import type { Receiver } from './position/receiver.js';
import type { Tracker } from './position/tracker.js';
import type { Counts, News } from './reports.js';
import { createCounter, type Counter } from './seal/counter.js';
import type { Keyring } from './seal/keyring.js';
import type { Records } from './store/records.js';
import { startTasks, type Tasks } from './time/tasks.js';
import { createUnitClock, type UnitClock } from './time/unit-clock.js';

/** The watchdog's patience: longer than a connect that blocks until TCP gives up. */
export const WATCHDOG_S = 120;

/** Everything that a running unit is. The console knows it by the name `unit`. */
export interface Unit {
  readonly ports: Ports;
  /** What it runs on: the rest of the board is in its ports. */
  readonly boardName: string;
  readonly settings: UnitSettings;
  readonly records: Records;
  readonly counts: Counts;
  tasks: Tasks;
  readonly clock: UnitClock;
  readonly counter: Counter;
  readonly inbox: Inbox;
  /** Pairs this connection's birth with its will, and the control room's answers with both. */
  birthCounter: number;
  readonly lamps: Lamps;
  readonly outbox: Outbox;
  readonly control: Control;
  alarm: Alarm;
  desk: Desk;
  /** False while the desk has changed and flash does not know it. */
  deskSaved: boolean;
  /** Steps and answers that are still to be told, in their order. */
  readonly news: News[];
  readonly keeper: ConfigKeeper;
  crew: Crew;
  bay: Bay;
  /** Of the messages that wait and are in flash (`keptState`). */
  savedKept: number;
  /** What flash has of the bay. */
  savedBay: string;
  receiver: Receiver;
  tracker: Tracker;
  readonly backlog: Backlog;
  /** Takes what comes from the receiver's line. */
  hear: (bytes: string) => void;
  /** Pieces that came since the line was looked at, and when that was not none. */
  heardPieces: number;
  lineHeardAtMs: number;
  session: Session;
  link: Link;
  /** Until then messages need no more room than there is (`fitting/link.ts`). */
  roomUntilMs: number;
  /** The crew was told that the link is lost. */
  lostTone: boolean;
  /** Looks after the unit itself; gives the milliseconds until the next look. */
  look: (nowMs: number) => number;
  /** When it is to restart, because the control room said so; 0 for never. */
  restartAtMs: number;
}

/** @rare */
export function startUnit(
  ports: Ports,
  board: Board,
  records: Records,
  settings: UnitSettings,
  keyring: Keyring,
): Unit {
  const unit = {
    ports: ports,
    boardName: board.name,
    settings: settings,
    records: records,
    counts: { refused: [] as number[], connections: 0, uncaught: 0, exhaustions: 0 },
    clock: createUnitClock(),
    counter: createCounter(records),
    inbox: {
      bytes: ports.bytes,
      keyring: keyring,
      downTopic: downTopic(settings.unitId),
      window: createWindow(),
    },
    birthCounter: 0,
    lamps: createLamps(ports.outputs),
    outbox: createOutbox(),
    control: createControl(),
    keeper: openConfig(records, ports.bytes, ports.clock.nowMs()),
    backlog: createBacklog(),
    savedBay: '',
    savedKept: 0,
    deskSaved: true,
    news: [] as News[],
    restartAtMs: 0,
    lostTone: false,
    roomUntilMs: 0,
    heardPieces: 0,
    lineHeardAtMs: 0,
  } as Unit;
  // Not made where they are called: their callbacks would keep this whole scope for ever.
  /* @__NOINLINE__ */ fitTasks(unit);
  /* @__NOINLINE__ */ fitAlarm(unit);
  /* @__NOINLINE__ */ fitCrew(unit);
  /* @__NOINLINE__ */ fitBay(unit);
  /* @__NOINLINE__ */ fitContacts(unit);
  /* @__NOINLINE__ */ fitTags(unit);
  /* @__NOINLINE__ */ fitDesk(unit);
  /* @__NOINLINE__ */ fitPosition(unit);
  /* @__NOINLINE__ */ fitLink(unit);
  /* @__NOINLINE__ */ applySettings(unit);
  /* @__NOINLINE__ */ fitHealth(unit);
  ports.system.startWatchdog(WATCHDOG_S);
  startTasks(unit.tasks);
  return unit;
}
