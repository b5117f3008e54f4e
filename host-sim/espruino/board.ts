/**
 * What is soldered to the chip's pins: contacts on inputs, sounder and lamps on outputs. It outlives
 * boots; an output that no code drives is held low by the board's pull-downs.
 */

export interface OutputState {
  readonly level: 0 | 1;
  /** Of the tone, 0 if the pin is steady. */
  readonly frequencyHz: number;
}

export type OutputListener = (pin: string, state: OutputState, atMs: number) => void;

export const OFF: OutputState = { level: 0, frequencyHz: 0 };

export class Board {
  readonly #inputs = new Map<string, boolean>();
  readonly #levels = new Map<string, number>();
  readonly #outputs = new Map<string, OutputState>();
  readonly #listeners: OutputListener[] = [];
  /** The running boot's ear for edges. */
  onEdge: ((pin: string, high: boolean) => void) | null = null;

  constructor(readonly nowMs: () => number) {}

  onOutput(listener: OutputListener): void {
    this.#listeners.push(listener);
  }

  setInput(pin: string, high: boolean): void {
    if (this.isHigh(pin) === high) return;
    this.#inputs.set(pin, high);
    this.onEdge?.(pin, high);
  }

  /** A voltage as a share of the supply, 0 to 1. */
  setLevel(pin: string, share: number): void {
    this.#levels.set(pin, share);
  }

  /** A pin that nothing is wired to floats; here it reads 0. */
  levelOf(pin: string): number {
    return this.#levels.get(pin) ?? 0;
  }

  /** What the chip reads: its own output where it drives one, else the contact, pulled up. */
  isHigh(pin: string): boolean {
    const output = this.#outputs.get(pin);
    return output ? output.level === 1 : (this.#inputs.get(pin) ?? true);
  }

  read(pin: string): OutputState {
    return this.#outputs.get(pin) ?? OFF;
  }

  drive(pin: string, state: OutputState): void {
    this.driveAt(pin, state, this.nowMs());
  }

  /** Where the chip itself told when it did so. */
  driveAt(pin: string, state: OutputState, atMs: number): void {
    const before = this.read(pin);
    this.#outputs.set(pin, state);
    this.#tell(pin, before, state, atMs);
  }

  /** The chip resets: it drives nothing. */
  release(): void {
    const driven = [...this.#outputs];
    this.#outputs.clear();
    this.onEdge = null;
    const atMs = this.nowMs();
    for (const [pin, before] of driven) this.#tell(pin, before, OFF, atMs);
  }

  #tell(pin: string, before: OutputState, after: OutputState, atMs: number): void {
    if (before.level === after.level && before.frequencyHz === after.frequencyHz) return;
    for (const listener of this.#listeners) listener(pin, after, atMs);
  }
}
