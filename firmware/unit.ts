/**
 * The unit: what it is made of. Every decision is in the part that it belongs to, and who tells
 * whom is in `fitting/`.
 */
import type { UnitSettings } from '../protocol/settings.js';
import type { Bay } from './aed/bay.js';
import type { Board } from './boards/board.js';
import { createLamps, type Lamps } from './crew/lamps.js';
import type { Alarm } from './dispatch/alarm.js';
import type { Desk } from './dispatch/desk.js';
import { beginEpoch, type Epoch } from './epoch.js';
import { fitAlarm, fitDesk } from './fitting/alarm-and-desk.js';
import { fitBay } from './fitting/bay.js';
import { fitCrew } from './fitting/crew.js';
import { fitHealth } from './fitting/health.js';
import { fitInbox, fitLink } from './fitting/link.js';
import { fitPosition } from './fitting/position.js';
import { createControl, type Control } from './link/control.js';
import type { Inbox } from './link/inbox.js';
import type { Link } from './link/link.js';
import { createOutbox, type Outbox } from './link/outbox.js';
import type { Session } from './link/session.js';
import type { Ports } from './ports/ports.js';
import type { Receiver } from './position/receiver.js';
import type { Tracker } from './position/tracker.js';
import type { Counts, News } from './reports.js';
import type { Records } from './store/records.js';
import { createTasks, startTasks, type Task, type Tasks } from './time/tasks.js';
import { createUnitClock, type UnitClock } from './time/unit-clock.js';

/** The watchdog's patience: longer than a connect that blocks until TCP gives up. */
export const WATCHDOG_S = 120;

/** Everything that a running unit is. The console knows it by the name `unit`. */
export interface Unit {
  readonly ports: Ports;
  readonly board: Board;
  readonly settings: UnitSettings;
  readonly records: Records;
  readonly counts: Counts;
  readonly tasks: Tasks;
  readonly clock: UnitClock;
  readonly epoch: Epoch;
  readonly lamps: Lamps;
  readonly outbox: Outbox;
  readonly control: Control;
  alarm: Alarm;
  alarmTask: Task;
  desk: Desk;
  deskTask: Task;
  /** False while the desk has changed and flash does not know it. */
  deskSaved: boolean;
  /** Steps and answers that are still to be told, in their order. */
  readonly news: News[];
  bay: Bay;
  bayTask: Task;
  receiver: Receiver;
  tracker: Tracker;
  trackerTask: Task;
  inbox: Inbox;
  session: Session;
  link: Link;
  linkTask: Task;
}

export function startUnit(ports: Ports, board: Board, settings: UnitSettings): Unit {
  const records = { store: ports.store, crc32: ports.system.crc32 };
  const unit = {
    ports: ports,
    board: board,
    settings: settings,
    records: records,
    counts: { refused: 0, connections: 0, uncaught: 0, exhaustions: 0 },
    tasks: createTasks(ports.clock, ports.system.kickWatchdog),
    clock: createUnitClock(),
    epoch: beginEpoch(records),
    lamps: createLamps(ports.outputs),
    outbox: createOutbox(),
    control: createControl(),
    deskSaved: true,
    news: [] as News[],
  } as Unit;
  fitAlarm(unit);
  fitDesk(unit);
  fitCrew(unit);
  fitBay(unit);
  fitPosition(unit);
  fitInbox(unit);
  fitLink(unit);
  fitHealth(unit);
  ports.system.startWatchdog(WATCHDOG_S);
  startTasks(unit.tasks);
  return unit;
}
