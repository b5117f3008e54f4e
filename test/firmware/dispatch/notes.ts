/** What the patterns sound like, read by a reader of its own. */
import { DISPATCH_STEPS, Pattern, stepsOf } from '../../../firmware/dispatch/patterns.js';

export const FEEDBACK: readonly number[] = [
  Pattern.sent,
  Pattern.taken,
  Pattern.refused,
  Pattern.step,
  Pattern.suggested,
];
export const WARNINGS: readonly number[] = [Pattern.locate, Pattern.linkLost, Pattern.aedFault];

/** Frequency, 0 for silence, and milliseconds. */
export type Note = [number, number];

/** The notes of a pattern; silences that follow each other are one. */
export function notesOf(code: number): Note[] {
  const steps = code === Pattern.dispatch ? DISPATCH_STEPS : stepsOf(code);
  const notes: Note[] = [];
  for (const [, tone, length] of steps.matchAll(/(.)(.)/g) as Iterable<string[]>) {
    const units = (length as string).charCodeAt(0) - '0'.charCodeAt(0);
    const letter = (tone as string).charCodeAt(0) - 'A'.charCodeAt(0) + 1;
    const note: Note = [letter > 0 ? letter * 40 : 0, units * (tone === '=' ? 500 : 50)];
    const last = notes.at(-1);
    if (last && last[0] === 0 && note[0] === 0) last[1] += note[1];
    else notes.push(note);
  }
  return notes;
}

export function lengthMs(notes: readonly Note[]): number {
  return notes.reduce((sum, [, ms]) => sum + ms, 0);
}
