/**
 * What became of every dispatch: each step with the time at which the control room learnt it.
 * A step that is told twice keeps its first time.
 */
import { Answer, Refusal, Step } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';

export interface LedgerEntry {
  readonly id: number;
  readonly unit: string;
  readonly sentAtMs: number;
  /** Milliseconds from `sentAtMs`, by step; in the order in which they came. */
  readonly steps: Record<string, number>;
  /** Of the last update that was sent; 0 for none. */
  revision: number;
  /** How many updates the unit told that it took: `steps` has the first. */
  updates: number;
  /** Why, where a step is `refused`. */
  refusal?: string;
}

export class Ledger {
  readonly #entries = new Map<number, LedgerEntry>();

  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  open(id: number, unit: string, atMs: number): LedgerEntry {
    const counts = { revision: 0, updates: 0 };
    const entry: LedgerEntry = { id, unit, sentAtMs: atMs, steps: { sent: 0 }, ...counts };
    this.#entries.set(id, entry);
    return entry;
  }

  find(id: number): LedgerEntry | undefined {
    return this.#entries.get(id);
  }

  /** Notes a step of a dispatch; one that this control room never sent is not its business. */
  note(id: number, step: string, atMs: number): LedgerEntry | undefined {
    const entry = this.#entries.get(id);
    if (entry) entry.steps[step] ??= round(atMs - entry.sentAtMs);
    return entry;
  }

  noteReceipt(receipt: { dispatchId: number; step: number; refusal: number }, atMs: number): void {
    const entry = this.note(receipt.dispatchId, nameOf(Step, receipt.step), atMs);
    if (!entry) return;
    if (receipt.step === Step.updated) entry.updates++;
    if (receipt.refusal !== 0) entry.refusal = nameOf(Refusal, receipt.refusal);
  }

  noteResponse(response: { dispatchId: number; answer: number }, atMs: number): void {
    const answer = nameOf(Answer, response.answer);
    const step = { accept: 'accepted', decline: 'declined' }[answer] ?? answer;
    this.note(response.dispatchId, step, atMs);
  }
}

/** To a tenth of a millisecond: what is beyond that is the noise of the measurement. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
