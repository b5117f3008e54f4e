/** Contacts: the two buttons and the AED's bracket switch. */
export const Input = { accept: 0, decline: 1, bracket: 2 } as const;

export interface Inputs {
  /** True while the contact is closed: button held, AED seated. */
  isClosed(input: number): boolean;
  /** Calls back when the contact has kept a new state for the time that the board gives it. */
  onChange(input: number, callback: (closed: boolean) => void): void;
  /** Watches all anew: the interpreter may have stopped. What changed meanwhile is not told. */
  watchAgain(): void;
}
