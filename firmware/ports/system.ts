/** The interpreter and the chip themselves. */
export interface System {
  /**
   * Variables that are left, or null if the interpreter cannot tell now. Without a collection there
   * may be more.
   */
  freeVariables(collects: boolean): number | null;
  /**
   * Sees to it that there is memory in one piece, which native calls need for their results: moves
   * what is in the way together where there is none. That takes up to a tenth of a second.
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
