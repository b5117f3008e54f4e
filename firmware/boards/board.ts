/** A board as data: which pin does what, and how its contacts behave. */
export interface Board {
  readonly name: string;
  readonly gps: { readonly rx: string; readonly tx: string; readonly baud: number };
  readonly sounder: string;
  /** Red, amber, green: in the order of `Lamp`. */
  readonly lamps: readonly string[];
  /** Analog: the AED bay's temperature. */
  readonly thermistor: string;
  /** Of a reader of tags, where the settings say that there is one. */
  readonly tagReader: { readonly rx: string; readonly baud: number };
  /** I2C, for a display if there is one. */
  readonly display: { readonly sda: string; readonly scl: string };
  /** Accept, decline, bracket, indicator: in the order of `Input`. Contacts close to ground. */
  readonly inputs: readonly string[];
  /** For how long each contact must keep a state before it counts. */
  readonly debounceMs: readonly number[];
}
