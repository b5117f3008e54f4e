/** The interpreter and the chip themselves. */
export interface System {
  /** Variables that the interpreter has left, or null if it cannot tell at the moment. */
  freeVariables(): number | null;
  /** True once after the interpreter ran out of memory or stack, or lost input. */
  takeExhausted(): boolean;
  /** Called for every exception that nothing caught. */
  onUncaught(callback: () => void): void;
  /** The watchdog restarts the chip if it is not kicked for this long. */
  startWatchdog(timeoutS: number): void;
  kickWatchdog(): void;
  /** CRC-32 (ISO 3309), unsigned. */
  crc32(bytes: string): number;
}
