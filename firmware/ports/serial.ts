/** The line from the GPS receiver. */
export interface Serial {
  /** Byte strings as they come, split anywhere. One listener. */
  onData(callback: (bytes: string) => void): void;
}
