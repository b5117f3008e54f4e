/**
 * Plays the alarm of an open dispatch on the sounder and the red lamp. It knows nothing of
 * dispatches: it is on or off.
 */
import { Lamp, type Outputs } from '../ports/outputs.js';
import type { Pattern } from './patterns.js';

export interface Alarm {
  readonly outputs: Outputs;
  readonly pattern: Pattern;
  on: boolean;
  /** Index into the pattern's steps: even ones sound. */
  step: number;
  stepEndsMs: number;
  lit: boolean;
  flashEndsMs: number;
}

export function createAlarm(outputs: Outputs, pattern: Pattern): Alarm {
  return {
    outputs: outputs,
    pattern: pattern,
    on: false,
    step: 0,
    stepEndsMs: 0,
    lit: false,
    flashEndsMs: 0,
  };
}

/** Sounds at once, from the first pulse. An alarm that is on goes on undisturbed. */
export function startAlarm(alarm: Alarm, nowMs: number): void {
  if (alarm.on) return;
  alarm.on = true;
  playFromStart(alarm, nowMs);
}

function playFromStart(alarm: Alarm, nowMs: number): void {
  alarm.outputs.sound(alarm.pattern.frequencyHz);
  alarm.outputs.light(Lamp.red, true);
  alarm.step = 0;
  alarm.stepEndsMs = nowMs + (alarm.pattern.stepsMs[0] as number);
  alarm.lit = true;
  alarm.flashEndsMs = nowMs + alarm.pattern.flashMs;
}

/** @rare */
export function stopAlarm(alarm: Alarm): void {
  alarm.on = false;
  alarm.lit = false;
  alarm.outputs.sound(0);
  alarm.outputs.light(Lamp.red, false);
}

/**
 * Leaves the outputs so that they may stay for long: sounding and lit if the alarm is on. For the
 * moment before a call that blocks everything. After it the pattern goes on from its first pulse.
 */
export function holdAlarm(alarm: Alarm, nowMs: number): void {
  if (alarm.on) playFromStart(alarm, nowMs);
}

/** Plays on; gives the milliseconds until the next change. */
export function runAlarm(alarm: Alarm, nowMs: number): number {
  if (!alarm.on) return 1000;
  const steps = alarm.pattern.stepsMs;
  if (nowMs >= alarm.stepEndsMs) {
    alarm.step = (alarm.step + 1) % steps.length;
    alarm.outputs.sound(alarm.step % 2 === 0 ? alarm.pattern.frequencyHz : 0);
    alarm.stepEndsMs = nowMs + (steps[alarm.step] as number);
  }
  if (nowMs >= alarm.flashEndsMs) {
    alarm.lit = !alarm.lit;
    alarm.outputs.light(Lamp.red, alarm.lit);
    alarm.flashEndsMs = nowMs + alarm.pattern.flashMs;
  }
  return Math.min(alarm.stepEndsMs, alarm.flashEndsMs) - nowMs;
}
