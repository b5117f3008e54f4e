/** Files in flash. Replacing one is not atomic: write through `store/records.ts`. */
export interface Store {
  read(name: string): string | undefined;
  /** Bytes, or some one after the other; false if there was no room. */
  write(name: string, bytes: string | readonly string[]): boolean;
}
