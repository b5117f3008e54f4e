/** The vehicle's WiFi. Polled, because the device may lose the events of its radio. */
export interface Network {
  join(ssid: string, password: string): void;
  /** True while there is an address to send from. */
  isUp(): boolean;
}
