/** A line on which something speaks: the GPS receiver, a reader of tags. */
export interface Serial {
  /**
   * Byte strings as they come, split anywhere. To be called again with the same callback where
   * nothing comes: the interpreter removes a listener in which memory or stack ran out.
   */
  onData(callback: (bytes: string) => void): void;
}
