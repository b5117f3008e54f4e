/** Sounder and lamps. Defined (silent, dark) from the first instant of a boot. */
export const Lamp = { red: 0, amber: 1, green: 2 } as const;

export interface Outputs {
  /** A tone of this frequency until told otherwise; 0 is silence. */
  sound(frequencyHz: number): void;
  light(lamp: number, lit: boolean): void;
}
