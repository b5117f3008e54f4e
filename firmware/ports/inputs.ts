/** Contacts: the two buttons, the AED's bracket switch, and the sensor over the AED's indicator. */
export const Input = { accept: 0, decline: 1, bracket: 2, indicator: 3 } as const;

export interface Inputs {
  /** True while the contact is closed: button held, AED seated, light seen. */
  isClosed(input: number): boolean;
  /** Calls back when a contact has kept a new state for the time that the board gives it. */
  onChange(callback: (input: number, closed: boolean) => void): void;
  /** Watches all anew: the interpreter may have stopped. What changed meanwhile is not told. */
  watchAgain(): void;
}
