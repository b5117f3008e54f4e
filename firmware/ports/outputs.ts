/** Sounder and lamps. Defined (silent, dark) from the first instant of a boot. */
export const Lamp = { red: 0, amber: 1, green: 2 } as const;

export interface Outputs {
  /** A tone of this frequency, 0 for silence, and this volume (0 to 100) until told otherwise. */
  sound(frequencyHz: number, volumePercent: number): void;
  light(lamp: number, lit: boolean): void;
}
