/** A board as data: which pin does what, and how its contacts behave. */
export interface Board {
  readonly name: string;
  readonly gps: { readonly rx: string; readonly tx: string; readonly baud: number };
  readonly sounder: string;
  /** Red, amber, green: in the order of `Lamp`. */
  readonly lamps: readonly string[];
  /** Accept, decline, bracket: in the order of `Input`. Contacts close to ground. */
  readonly inputs: readonly string[];
  /** For how long each contact must keep a state before it counts. */
  readonly debounceMs: readonly number[];
}
