/** An optional display: up to four lines of up to 16 ASCII characters, the first one on top. */
export interface Display {
  /** Shows these lines instead of those before. They may be the same. */
  show(lines: readonly string[]): void;
}
