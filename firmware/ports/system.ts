/** The interpreter and the chip themselves. */
export interface System {
  /** Variables that are left after a collection, or null if the interpreter cannot tell now. */
  freeVariables(): number | null;
  /**
   * Moves what is in memory together: a native call needs room in one piece for its result. Takes as
   * long as there is much to move: at a start a tenth of a second, later a fraction of one
   * millisecond.
   */
  tidy(): void;
  /** What the interpreter has run out of since it was asked last: bits of `Exhaustion`. */
  takeExhausted(): number;
  /** Called for every exception that nothing caught; running out of stack is one too. */
  onUncaught(callback: (isOutOfStack: boolean) => void): void;
  /** The watchdog restarts the chip if it is not kicked for this long. */
  startWatchdog(timeoutS: number): void;
  kickWatchdog(): void;
  /** Does not come back. */
  restart(): void;
  /** CRC-32 (ISO 3309), unsigned. */
  crc32(bytes: string): number;
}
