/**
 * What the crew says with two buttons: that they go or do not go, how the job goes on, whether they
 * can be sent. A short press only moves something; nothing is said but by a hold, and only by one
 * that began when what it is for was already there. While the vehicle moves, a dispatch can be
 * answered, and nothing else.
 *
 * What is said is told first and noted then: should memory run out between, it can be said again.
 */
import { Answer, CrewStatus, DeclineReason } from '../../protocol/codes.js';
import { Input } from '../ports/inputs.js';
import {
  Held,
  Phase,
  bothHeld,
  createButton,
  dueInMs,
  heldLong,
  pressed,
  released,
  spend,
  type Button,
} from './buttons.js';
import { REST_MS } from '../time/tasks.js';
import { Stage, menuOf, optionAfter, refusalAt } from './menu.js';

/** Why may be said for this long after a decline, and after each touch since. */
export const REASON_MS = 5000;
/** After a job has ended, for this long somebody can ask to be asked how they are (N8). */
export const WELFARE_MS = 600000;
/** What the crew chose is left alone by the sensors for this long. */
export const CHOICE_MS = 10000;
/** Moving faster than this, nobody reads and nobody chooses. */
export const LOCK_SPEED_KMH = 8;
/** Most jobs beside the one that the buttons are for; then the one accepted longest ago is forgotten. */
export const MAX_OTHER_JOBS = 5;

/** What is told, and with which numbers. */
export const CrewEvent = {
  /** Job: a button was touched since it was offered. */
  seen: 1,
  /** Job, Answer, DeclineReason. */
  answer: 2,
  /** CrewStatus. */
  status: 3,
  /** Job: the buttons are for this one now, by the crew's choice. */
  choose: 4,
  /** Job, Answer: a sensor's guess is the option now. */
  suggested: 5,
  /** Tone. */
  tone: 6,
  /** Input: a button that is down without end, and is ignored. */
  stuck: 7,
  selfTest: 8,
} as const;

/** What the crew hears. */
export const Tone = {
  /** The hold was taken. */
  sent: 1,
  /** The control room has it. */
  taken: 2,
  /** Nothing to do, or not while moving. */
  refused: 3,
  /** Another option, reason or job. */
  step: 4,
  suggested: 5,
} as const;

export interface Crew {
  readonly onEvent: (kind: number, a: number, b: number, c: number) => void;
  /** In the order of `Input`. */
  readonly buttons: readonly Button[];
  /** A CrewStatus: until somebody says another, a crew can be sent. */
  status: number;
  /** The job that the buttons are for; 0 for none. */
  jobId: number;
  /** Where it stands (`Stage`). */
  stage: number;
  /** What holding Accept would say: an Answer, without a job a CrewStatus, of a dispatch 0. */
  option: number;
  /** When the crew moved it last. */
  steppedAtMs: number;
  /** What was suggested at this stage; 0 for nothing. */
  suggested: number;
  /** Other open jobs, and where they stand; those accepted in the order of their acceptance. */
  readonly otherJobs: number[];
  readonly otherStages: number[];
  /** The dispatch that was declined last, while why may be said; else 0. */
  declinedJob: number;
  reason: number;
  reasonUntilMs: number;
  /** The job that ended last, of those that were accepted; 0 once its crew was asked for. */
  lastJob: number;
  lastJobAtMs: number;
  /** What the last answer was sealed with, until the control room has it; else 0. */
  counter: number;
  /** Null while nobody knows. */
  speedKmH: number | null;
  lockSpeedKmH: number;
}

/** @rare */
export function createCrew(onEvent: Crew['onEvent']): Crew {
  return {
    onEvent: onEvent,
    buttons: [createButton(), createButton()],
    status: CrewStatus.available,
    jobId: 0,
    stage: Stage.idle,
    option: CrewStatus.available,
    steppedAtMs: -CHOICE_MS,
    suggested: 0,
    otherJobs: [],
    otherStages: [],
    declinedJob: 0,
    reason: DeclineReason.none,
    reasonUntilMs: 0,
    lastJob: 0,
    lastJobAtMs: 0,
    counter: 0,
    speedKmH: null,
    lockSpeedKmH: LOCK_SPEED_KMH,
  };
}

/** @rare */
export function isLocked(crew: Crew): boolean {
  return crew.speedKmH !== null && crew.speedKmH > crew.lockSpeedKmH;
}

/**
 * A dispatch is open and not answered; one that is known is as it was. How many there can be is up
 * to the desk.
 * @rare
 */
export function offerJob(crew: Crew, jobId: number): void {
  const others = crew.otherJobs;
  if (jobId === crew.jobId || others.indexOf(jobId) >= 0) return;
  if (others.length >= MAX_OTHER_JOBS) {
    let oldest = 0;
    while (oldest < others.length && (crew.otherStages[oldest] as number) < 0) oldest++;
    others.splice(oldest, 1);
    crew.otherStages.splice(oldest, 1);
  }
  others.push(jobId);
  crew.otherStages.push(Stage.offered);
  settle(crew);
}

/**
 * A job is over, whoever says so: it was stood down, it expired, or the crew said so.
 * @rare
 */
export function endJob(crew: Crew, jobId: number, nowMs: number): void {
  const at = crew.otherJobs.indexOf(jobId);
  const isCurrent = jobId === crew.jobId;
  if (at < 0 && !isCurrent) return;
  const stage = isCurrent ? crew.stage : (crew.otherStages[at] as number);
  if (stage > 0) {
    crew.lastJob = jobId;
    crew.lastJobAtMs = nowMs;
  }
  if (isCurrent) {
    crew.jobId = 0;
    crew.stage = Stage.idle;
    settle(crew);
  } else {
    crew.otherJobs.splice(at, 1);
    crew.otherStages.splice(at, 1);
  }
}

/**
 * A button went down. Any touch says that a dispatch was seen.
 * @rare
 */
export function pressButton(crew: Crew, input: number, nowMs: number): void {
  pressed(crew.buttons[input] as Button, crew.buttons[1 - input] as Button, nowMs);
  crew.reasonUntilMs = nowMs + REASON_MS;
  if (crew.stage !== Stage.offered) return;
  crew.onEvent(CrewEvent.seen, crew.jobId, 0, 0);
  if (crew.stage === Stage.offered) crew.stage = Stage.seen;
}

/**
 * A button went up. After a short press something else is chosen, and nothing is said.
 * @rare
 */
export function releaseButton(crew: Crew, input: number, nowMs: number): void {
  const other = crew.buttons[1 - input] as Button;
  if (!released(crew.buttons[input] as Button, other, nowMs)) return;
  if (!isLocked(crew) && move(crew, input, nowMs)) tone(crew, Tone.step);
  else if (crew.stage >= 0) tone(crew, Tone.refused);
}

/**
 * The next job, reason or option; false if there is no other.
 * @rare
 */
function move(crew: Crew, input: number, nowMs: number): boolean {
  if (crew.stage >= 0 && input === Input.accept) {
    const before = crew.option;
    crew.option = optionAfter(crew.stage, before);
    crew.steppedAtMs = nowMs;
    return crew.option !== before;
  }
  if (crew.stage < 0 || crew.declinedJob === 0) return choose(crew);
  crew.reason = optionAfter(Stage.declined, crew.reason);
  return true;
}

/**
 * Does what is due by time; gives the milliseconds until it wants to be called again, which is at
 * once after a button was pressed.
 * @param acceptClosed whether the contact is closed at this moment, and so the other
 */
export function runCrew(
  crew: Crew,
  nowMs: number,
  acceptClosed: boolean,
  declineClosed: boolean,
): number {
  const accept = crew.buttons[Input.accept] as Button;
  const decline = crew.buttons[Input.decline] as Button;
  // Both up: almost always.
  if (accept.phase + decline.phase === Phase.up && crew.declinedJob === 0) return REST_MS;
  runButton(crew, Input.accept, acceptClosed, nowMs);
  runButton(crew, Input.decline, declineClosed, nowMs);
  return runBoth(crew, accept, decline, nowMs);
}

/** @rare */
function runButton(crew: Crew, input: number, closed: boolean, nowMs: number): void {
  const held = heldLong(crew.buttons[input] as Button, closed, nowMs);
  if (held === Held.stuck) crew.onEvent(CrewEvent.stuck, input, 0, 0);
  if (held !== Held.hold) return;
  const isAccept = input === Input.accept;
  const isChosen = crew.declinedJob !== 0 && crew.reason !== DeclineReason.none;
  if (crew.stage < 0) {
    if (isChosen && !isAccept) sayReason(crew);
    say(crew, isAccept ? Answer.accept : Answer.decline, nowMs);
  } else if (isLocked(crew)) tone(crew, Tone.refused);
  else if (isChosen) sayReason(crew);
  else if (!isAccept) {
    // Held again after a decline: that was taken, and is not said of the next job.
    const answer = crew.declinedJob !== 0 ? 0 : refusalAt(crew.stage);
    const isTooLate = crew.lastJob === 0 || nowMs - crew.lastJobAtMs > WELFARE_MS;
    if (answer === 0 || (answer === Answer.welfare && isTooLate)) tone(crew, Tone.refused);
    else say(crew, answer, nowMs);
  } else if (crew.stage > 0) say(crew, crew.option, nowMs);
  else {
    crew.onEvent(CrewEvent.status, crew.option, 0, 0);
    crew.status = crew.option;
    tone(crew, Tone.sent);
  }
}

/**
 * What both buttons together or time alone bring; gives the milliseconds until the next.
 * @rare
 */
function runBoth(crew: Crew, accept: Button, decline: Button, nowMs: number): number {
  if (bothHeld(accept, decline, nowMs)) {
    if (crew.jobId !== 0 || isLocked(crew)) tone(crew, Tone.refused);
    else crew.onEvent(CrewEvent.selfTest, 0, 0, 0);
  }
  const inMs = Math.min(dueInMs(accept, nowMs), dueInMs(decline, nowMs));
  if (crew.declinedJob === 0) return inMs;
  const reasonInMs = crew.reasonUntilMs - nowMs;
  if (reasonInMs > 0) return Math.min(inMs, reasonInMs);
  if (crew.reason === DeclineReason.none) crew.declinedJob = 0;
  else sayReason(crew);
  return inMs;
}

/**
 * A sensor's guess of what the crew will say next; to be made for as long as the sensor says so.
 * It becomes the option, and is told once. It confirms nothing, and changes nothing under a thumb.
 * @rare
 */
export function suggest(crew: Crew, answer: number, nowMs: number): void {
  if (crew.stage <= 0 || answer === crew.suggested || isLocked(crew)) return;
  if (menuOf(crew.stage).indexOf(answer) < 0) return;
  if ((crew.buttons[Input.accept] as Button).phase === Phase.down) return;
  if (answer !== crew.option && nowMs - crew.steppedAtMs < CHOICE_MS) return;
  crew.suggested = answer;
  crew.option = answer;
  crew.onEvent(CrewEvent.suggested, crew.jobId, answer, 0);
  tone(crew, Tone.suggested);
}

/**
 * The last answer was sealed with this counter.
 * @rare
 */
export function sentAs(crew: Crew, counter: number): void {
  crew.counter = counter;
}

/**
 * The control room has all that was sealed up to this counter.
 * @rare
 */
export function controlHas(crew: Crew, counter: number): void {
  if (crew.counter === 0 || counter < crew.counter) return;
  crew.counter = 0;
  tone(crew, Tone.taken);
}

/**
 * What a restart needs, as text: numbers between `,`. Dispatches that are not answered are the
 * desk's to remember, and to offer again.
 * @rare
 */
export function saveCrew(crew: Crew): string {
  let text = crew.status + ',' + crew.lastJob;
  for (let i = 0; i < crew.otherJobs.length; i++) {
    if ((crew.otherStages[i] as number) > 0) {
      text += ',' + crew.otherJobs[i] + ',' + crew.otherStages[i];
    }
  }
  return crew.stage > 0 ? text + ',' + crew.jobId + ',' + crew.stage : text;
}

/**
 * After a restart, for a crew that was just made. For how long the power was off nobody knows.
 * @rare
 */
export function restoreCrew(crew: Crew, text: string, nowMs: number): void {
  if (text === '') return;
  const fields = text.split(',');
  crew.status = Number(fields[0]);
  crew.lastJob = Number(fields[1]);
  crew.lastJobAtMs = nowMs;
  for (let i = 2; i < fields.length; i += 2) {
    crew.otherJobs.push(Number(fields[i]));
    crew.otherStages.push(Number(fields[i + 1]));
  }
  settle(crew);
}

/** @rare */
function tone(crew: Crew, kind: number): void {
  crew.onEvent(CrewEvent.tone, kind, 0, 0);
}

/**
 * A hold was taken. After a decline the next unit is called at once; why can follow, but not from a
 * crew that drives.
 * @rare
 */
function say(crew: Crew, answer: number, nowMs: number): void {
  const isOffer = crew.stage < 0;
  const isDecline = answer === Answer.decline;
  const jobId = answer === Answer.welfare ? crew.lastJob : crew.jobId;
  let reason: number = DeclineReason.none;
  if (isDecline) reason = isOffer ? DeclineReason.notStated : DeclineReason.otherEmergency;
  crew.onEvent(CrewEvent.answer, jobId, answer, reason);
  if (answer === Answer.welfare) crew.lastJob = 0;
  else if (isDecline || answer === Answer.clear) endJob(crew, jobId, nowMs);
  else if (jobId === crew.jobId) {
    crew.stage = answer;
    settle(crew);
  }
  if (isDecline && isOffer) {
    crew.declinedJob = isLocked(crew) ? 0 : jobId;
    crew.reason = DeclineReason.none;
    crew.reasonUntilMs = nowMs + REASON_MS;
  }
  tone(crew, Tone.sent);
}

/** @rare */
function sayReason(crew: Crew): void {
  crew.onEvent(CrewEvent.answer, crew.declinedJob, Answer.decline, crew.reason);
  crew.declinedJob = 0;
  tone(crew, Tone.sent);
}

/**
 * The next job of the same kind, of those to be answered or of those accepted; true if there is one.
 * @rare
 */
function choose(crew: Crew): boolean {
  const isOffer = crew.stage < 0;
  for (let i = 0; i < crew.otherJobs.length; i++) {
    const isOtherOffer = (crew.otherStages[i] as number) < 0;
    if (isOtherOffer === isOffer) {
      turnTo(crew, i);
      crew.onEvent(CrewEvent.choose, crew.jobId, 0, 0);
      return true;
    }
  }
  return false;
}

/**
 * What the buttons are for: a dispatch while one is to be answered, the earliest first; else the
 * same job, or the one that was accepted last.
 * @rare
 */
function settle(crew: Crew): void {
  if (crew.stage < 0) return;
  const stages = crew.otherStages;
  let next = crew.stage === Stage.idle ? stages.length - 1 : -1;
  for (let i = stages.length - 1; i >= 0; i--) {
    if ((stages[i] as number) < 0) next = i;
  }
  turnTo(crew, next);
}

/**
 * Another job, or the same at another stage if `at` is -1: its menu begins anew, and no press that
 * began before counts for it.
 * @rare
 */
function turnTo(crew: Crew, at: number): void {
  if (at >= 0) {
    const jobId = crew.otherJobs[at] as number;
    const stage = crew.otherStages[at] as number;
    crew.otherJobs.splice(at, 1);
    crew.otherStages.splice(at, 1);
    if (crew.jobId !== 0) {
      crew.otherJobs.push(crew.jobId);
      crew.otherStages.push(crew.stage);
    }
    crew.jobId = jobId;
    crew.stage = stage;
  }
  crew.option = crew.stage === Stage.idle ? crew.status : menuOf(crew.stage)[0] || 0;
  crew.suggested = 0;
  crew.steppedAtMs = -CHOICE_MS;
  spend(crew.buttons[Input.accept] as Button);
  spend(crew.buttons[Input.decline] as Button);
}
