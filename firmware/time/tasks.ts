/**
 * The unit's heartbeat. Every part of the unit that does something by time is a task, known by its
 * number; one timer drives them all.
 *
 * When memory runs out, the interpreter abandons the callback that is running without an
 * exception. So the timer is armed before anything else is done, a task that was abandoned is
 * tried again later, and the watchdog is kicked only while every task finishes its runs in time.
 * Should there be no memory even for the timer, whoever else is called can have it armed again.
 */
import type { Clock } from '../ports/clock.js';

/**
 * For a task that has nothing to do by time. What concerns it wakes it; it looks round so often in
 * case that got lost. No sleep is longer.
 */
export const REST_MS = 4000;
/** Waits of so long or longer end at a whole multiple of it, those of REST_MS or longer of that. */
export const TOGETHER_MS = 500;
/** After a beat that was abandoned the next one comes so soon. */
export const AFTER_ABANDONED_MS = 1000;
/** A task that did not finish is tried again after this. */
export const RETRY_MS = 5000;
/** A second timer looks this often whether the first got lost. */
export const GUARD_MS = 15000;
/** A task that has not finished a run this long after it was due is late: no kick for the watchdog. */
export const BEAT_LIMIT_MS = 30000;

export interface Tasks {
  readonly clock: Clock;
  readonly kickWatchdog: () => void;
  /**
   * Does what is due of a task and gives the milliseconds until it wants to run again. (One function
   * for all and times in two arrays: a record with a function for each task took a hundred variables
   * more.)
   */
  readonly run: (task: number, nowMs: number) => number;
  /** When each task is due; those with lower numbers run first. */
  readonly dueMs: Float64Array;
  /** Each is late if it has not finished a run by then. */
  readonly lateMs: Float64Array;
  beat: () => void;
  timer: number;
  /** When the second timer was armed last. */
  guardAtMs: number;
  /** Times that the watchdog went unkicked. */
  late: number;
  /** Since when it has gone unkicked; null while all is well. */
  lateSinceMs: number | null;
  /** When the heart began to beat last. */
  beatAtMs: number;
  /** True while a beat is under way, and after one that was abandoned. */
  isBeating: boolean;
  /** When it was last seen that a beat had been abandoned. */
  brokenAtMs: number;
}

/** So many tasks, all of them due at once. */
export function createTasks(
  clock: Clock,
  kickWatchdog: () => void,
  count: number,
  run: Tasks['run'],
): Tasks {
  const lateMs = new Float64Array(count);
  for (let i = 0; i < count; i++) lateMs[i] = clock.nowMs() + BEAT_LIMIT_MS;
  return {
    clock: clock,
    kickWatchdog: kickWatchdog,
    run: run,
    dueMs: new Float64Array(count),
    lateMs: lateMs,
    beat: function () {},
    timer: 0,
    guardAtMs: 0,
    late: 0,
    lateSinceMs: null,
    beatAtMs: 0,
    isBeating: false,
    brokenAtMs: 0,
  };
}

/**
 * Starts the heartbeat.
 * (Rare, and so not made where it is called: its functions keep the scope in which they are made.)
 * @rare
 */
export function startTasks(tasks: Tasks): void {
  const clock = tasks.clock;
  const due = tasks.dueMs;
  const late = tasks.lateMs;
  function guard(): void {
    clock.after(GUARD_MS, guard);
    tasks.guardAtMs = clock.nowMs();
    keepBeating(tasks, tasks.guardAtMs);
  }
  tasks.beat = function () {
    tasks.timer = clock.after(AFTER_ABANDONED_MS, tasks.beat);
    tasks.beatAtMs = clock.nowMs();
    if (tasks.isBeating) tasks.brokenAtMs = tasks.beatAtMs;
    tasks.isBeating = true;
    let allBeat = true;
    for (let i = 0; i < due.length; i++) {
      const nowMs = clock.nowMs();
      if (nowMs >= (due[i] as number)) {
        due[i] = nowMs + RETRY_MS;
        const delayMs = tasks.run(i, nowMs);
        let nextMs = clock.nowMs() + delayMs;
        // A little early, so that those that wait for long wake the unit together.
        if (delayMs >= REST_MS) nextMs -= nextMs % REST_MS;
        else if (delayMs >= TOGETHER_MS) nextMs -= nextMs % TOGETHER_MS;
        due[i] = nextMs;
        late[i] = nextMs + BEAT_LIMIT_MS;
      }
      // Turned round, so that a task whose times are no numbers is late too.
      if (!(clock.nowMs() <= (late[i] as number))) allBeat = false;
    }
    if (allBeat) {
      tasks.kickWatchdog();
      tasks.lateSinceMs = null;
    } else {
      tasks.late++;
      if (tasks.lateSinceMs === null) tasks.lateSinceMs = tasks.beatAtMs;
    }
    tasks.isBeating = false;
    // Between both there is one that is armed, unless memory is short for longer than this.
    if (tasks.beatAtMs - tasks.guardAtMs > 2 * GUARD_MS) guard();
    arm(tasks, nextDueMs(tasks) - clock.nowMs());
  };
  tasks.timer = clock.after(0, tasks.beat);
  guard();
}

/** Makes a task run as soon as the code that is running now has ended. */
export function wake(tasks: Tasks, task: number): void {
  tasks.dueMs[task] = 0;
  tasks.lateMs[task] = Math.min(tasks.lateMs[task] as number, tasks.clock.nowMs() + BEAT_LIMIT_MS);
  arm(tasks, 0);
}

/** Arms the timer if it got lost: for callbacks that come by themselves. */
export function keepBeating(tasks: Tasks, nowMs: number): void {
  if (nowMs - tasks.beatAtMs > RETRY_MS) arm(tasks, 0);
}

/** The new timer is there before the old one goes, so that there is never none. */
function arm(tasks: Tasks, delayMs: number): void {
  const before = tasks.timer;
  tasks.timer = tasks.clock.after(delayMs > 0 ? delayMs : 0, tasks.beat);
  tasks.clock.cancel(before);
}

function nextDueMs(tasks: Tasks): number {
  let dueMs = tasks.clock.nowMs() + REST_MS;
  for (let i = 0; i < tasks.dueMs.length; i++) {
    if ((tasks.dueMs[i] as number) < dueMs) dueMs = tasks.dueMs[i] as number;
  }
  return dueMs;
}
