/** What is measured beside contacts. */
export interface Sensors {
  /** Temperature of the AED's bay in 1/10 °C; null while no sensor answers. */
  temperatureDeciC(): number | null;
}
