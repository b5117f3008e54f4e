/**
 * Plays one pattern at a time on the sounder, and flashes the red lamp. It knows nothing of
 * dispatches, only how urgent they are: while one sounds that nobody has seen, nothing else does.
 */
import { Lamp, type Outputs } from '../ports/outputs.js';
import { REST_MS } from '../time/tasks.js';
import {
  DISPATCH_HZ,
  DISPATCH_PULSE_MS,
  DISPATCH_STEPS,
  FLASH_MS,
  LOUDER_STEPS,
  Pattern,
  stepsOf,
} from './patterns.js';

/** Of the most urgent dispatch that nobody has answered. */
export const Urgency = {
  none: 0,
  /** Seen: a quiet tick now and then, and the lamp. */
  reminder: 1,
  sounding: 2,
  /** Nobody has touched a button: as loud as can be, and without a rest. */
  louder: 3,
} as const;

/** A dispatch is this loud at least, whatever is asked for. */
export const LEAST_PERCENT = 30;
/** An AED with a fault is told of again after this. */
export const AED_FAULT_PERIOD_MS = 600000;
/** The chirp by which a unit is found, that many times: half a minute. */
const LOCATE_ROUNDS = 50;
const UNIT_MS = 50;
/** `=`, counted from where `A` is 1. */
const LONG_SILENCE = -3;
/** In a self-test a long silence lasts a tenth, and this is between patterns. */
const TEST_PAUSE = '-@';

export interface Alarm {
  readonly outputs: Outputs;
  /** True while a dispatch is open that nobody has answered. */
  on: boolean;
  urgency: number;
  dispatchPercent: number;
  otherPercent: number;
  /** The Pattern that plays, its steps, and which of them. */
  code: number;
  steps: string;
  at: number;
  stepEndsMs: number;
  percent: number;
  isTest: boolean;
  lit: boolean;
  flashEndsMs: number;
  /** The next time that the AED's fault may be told. */
  aedFaultAtMs: number;
}

/** @rare */
export function createAlarm(outputs: Outputs, volumePercent: number): Alarm {
  const alarm = {
    outputs: outputs,
    on: false,
    urgency: Urgency.none,
    dispatchPercent: 0,
    otherPercent: 0,
    code: Pattern.none,
    steps: '',
    at: 0,
    stepEndsMs: 0,
    percent: 0,
    isTest: false,
    lit: false,
    flashEndsMs: 0,
    aedFaultAtMs: 0,
  };
  setVolume(alarm, volumePercent);
  return alarm;
}

/**
 * At night everything but a dispatch may be as quiet as one likes.
 * @rare
 */
export function setVolume(alarm: Alarm, percent: number): void {
  alarm.otherPercent = Math.max(0, Math.min(percent, 100));
  // Turned round, so that what is no number does not silence a dispatch.
  alarm.dispatchPercent = percent > LEAST_PERCENT ? Math.min(percent, 100) : LEAST_PERCENT;
}

/** Sounds at once, from the first pulse. A dispatch that sounds already goes on undisturbed. */
export function startAlarm(alarm: Alarm, nowMs: number): void {
  if (alarm.urgency >= Urgency.sounding) return;
  alarm.urgency = Urgency.sounding;
  soundDispatch(alarm, nowMs);
}

/** From its first pulse. Nothing is made here: memory may be short. */
function soundDispatch(alarm: Alarm, nowMs: number): void {
  const outputs = alarm.outputs;
  const isLouder = alarm.urgency === Urgency.louder;
  const percent = isLouder ? 100 : alarm.dispatchPercent;
  outputs.sound(DISPATCH_HZ, percent);
  outputs.light(Lamp.red, true);
  alarm.on = alarm.urgency !== Urgency.none;
  if (alarm.on) alarm.isTest = false;
  alarm.code = Pattern.dispatch;
  alarm.steps = isLouder ? LOUDER_STEPS : DISPATCH_STEPS;
  alarm.at = 0;
  alarm.stepEndsMs = nowMs + DISPATCH_PULSE_MS;
  alarm.percent = percent;
  alarm.lit = true;
  alarm.flashEndsMs = nowMs + FLASH_MS;
}

/**
 * Goes over to an Urgency, at once.
 * @rare
 */
export function setUrgency(alarm: Alarm, urgency: number, nowMs: number): void {
  if (urgency === alarm.urgency) return;
  if (urgency === Urgency.none) silence(alarm);
  // After the silence: abandoned in it, it is tried again.
  alarm.urgency = urgency;
  alarm.on = urgency !== Urgency.none;
  alarm.isTest = false;
  if (urgency >= Urgency.sounding) soundDispatch(alarm, nowMs);
  else if (urgency === Urgency.reminder) begin(alarm, Pattern.tick, nowMs);
}

/** No dispatch is open. What else plays goes on. */
export function stopAlarm(alarm: Alarm): void {
  setUrgency(alarm, Urgency.none, 0);
}

/** @rare */
function silence(alarm: Alarm): void {
  alarm.code = Pattern.none;
  alarm.steps = '';
  alarm.isTest = false;
  alarm.lit = false;
  alarm.outputs.sound(0, 0);
  alarm.outputs.light(Lamp.red, false);
}

/**
 * Plays a pattern once, unless what plays comes first; true if it plays. While a dispatch is
 * reminded of, the crew still gets feedback, and is told what is withdrawn.
 * @rare
 */
export function playOnce(alarm: Alarm, code: number, nowMs: number): boolean {
  const isFeedback = code <= Pattern.suggested;
  const playing = alarm.code === Pattern.tick ? Pattern.none : alarm.code;
  if (alarm.urgency >= Urgency.sounding) return false;
  if (code !== Pattern.cancel) {
    if (alarm.isTest || (alarm.urgency === Urgency.reminder && !isFeedback)) return false;
    if (playing > Pattern.suggested && playing > code) return false;
  }
  if (alarm.isTest) silence(alarm);
  begin(alarm, code, nowMs);
  return true;
}

/**
 * To be called as long as the AED has a fault: tells the crew now and then.
 * @rare
 */
export function warnOfAed(alarm: Alarm, nowMs: number): void {
  if (nowMs < alarm.aedFaultAtMs || !playOnce(alarm, Pattern.aedFault, nowMs)) return;
  alarm.aedFaultAtMs = nowMs + AED_FAULT_PERIOD_MS;
}

/**
 * Plays each pattern once, with the red lamp lit; false while a dispatch is open. A dispatch ends it.
 * @rare
 */
export function testAlarm(alarm: Alarm, nowMs: number): boolean {
  if (alarm.on) return false;
  alarm.isTest = true;
  alarm.outputs.light(Lamp.red, true);
  begin(alarm, Pattern.sent, nowMs);
  return true;
}

/** @rare */
function begin(alarm: Alarm, code: number, nowMs: number): void {
  if (code === Pattern.dispatch) {
    soundDispatch(alarm, nowMs);
    return;
  }
  const steps = stepsOf(code);
  const rounds = code === Pattern.locate ? LOCATE_ROUNDS : 1;
  alarm.steps = alarm.isTest ? steps + TEST_PAUSE : steps.repeat(rounds);
  alarm.percent = code === Pattern.tick ? alarm.dispatchPercent / 2 : alarm.otherPercent;
  alarm.code = code;
  alarm.at = 0;
  playStep(alarm, nowMs);
}

function playStep(alarm: Alarm, nowMs: number): void {
  const letter = alarm.steps.charCodeAt(alarm.at) - 64;
  const units = alarm.steps.charCodeAt(alarm.at + 1) - 48;
  const unitMs = letter === LONG_SILENCE && !alarm.isTest ? 10 * UNIT_MS : UNIT_MS;
  alarm.outputs.sound(letter > 0 ? 40 * letter : 0, alarm.percent);
  alarm.stepEndsMs = nowMs + units * unitMs;
}

/**
 * A pattern is over that is no dispatch's.
 * @rare
 */
function playNext(alarm: Alarm, nowMs: number): void {
  if (alarm.urgency === Urgency.reminder) begin(alarm, Pattern.tick, nowMs);
  else if (alarm.isTest && alarm.code < Pattern.dispatch) begin(alarm, alarm.code + 1, nowMs);
  else silence(alarm);
}

/**
 * Leaves the outputs so that they may stay for long: sounding and lit if a dispatch sounds, else
 * silent. For the moment before a call that blocks everything. After it a dispatch goes on from its
 * first pulse.
 */
export function holdAlarm(alarm: Alarm, nowMs: number): void {
  if (alarm.urgency >= Urgency.sounding) soundDispatch(alarm, nowMs);
  else if (alarm.code !== Pattern.none) alarm.outputs.sound(0, 0);
}

/** Plays on; gives the milliseconds until the next change. */
export function runAlarm(alarm: Alarm, nowMs: number): number {
  if (alarm.code === Pattern.none && alarm.urgency === Urgency.none) return REST_MS;
  if (nowMs >= alarm.stepEndsMs) {
    alarm.at += 2;
    if (alarm.at < alarm.steps.length) playStep(alarm, nowMs);
    else if (alarm.urgency >= Urgency.sounding) soundDispatch(alarm, nowMs);
    else playNext(alarm, nowMs);
  }
  let delayMs = alarm.code === Pattern.none ? 1000 : alarm.stepEndsMs - nowMs;
  if (alarm.urgency !== Urgency.none) {
    if (nowMs >= alarm.flashEndsMs) {
      alarm.lit = !alarm.lit;
      alarm.outputs.light(Lamp.red, alarm.lit);
      alarm.flashEndsMs = nowMs + FLASH_MS;
    }
    delayMs = Math.min(delayMs, alarm.flashEndsMs - nowMs);
  }
  return Math.min(delayMs, 1000);
}
