/** The Espruino globals that the bindings use, and no others: the bundle gate holds the same list. */

interface EspruinoSocket {
  on(event: 'data', callback: (bytes: string) => void): void;
  on(event: 'close' | 'error', callback: () => void): void;
  write(bytes: string): boolean;
  end(): void;
}

interface EspruinoStorage {
  read(name: string): string | undefined;
  write(name: string, bytes: string | readonly string[]): boolean;
}

interface EspruinoWifi {
  connect(ssid: string, options: { password: string }, callback: () => void): void;
  getIP(): { ip?: string };
}

interface EspruinoNet {
  connect(options: { host: string; port: number }, callback: () => void): EspruinoSocket;
}

interface EspruinoTlsOptions {
  host: string;
  port: number;
  /** Both in DER, as byte strings. */
  key?: string;
  cert?: string;
}

interface EspruinoTls {
  connect(options: EspruinoTlsOptions, callback: () => void): EspruinoSocket;
}

interface EspruinoSerial {
  setup(baud: number, options: { rx: Pin; tx?: Pin }): void;
  on(event: 'data', callback: (bytes: string) => void): void;
  removeListener(event: 'data', callback: (bytes: string) => void): void;
}

interface EspruinoCipherOptions {
  readonly iv: string | ArrayBuffer;
}

/** Whole blocks only: the interpreter pads nothing. The mode is CBC, the IV zero without options. */
interface EspruinoCrypto {
  SHA256(data: string | readonly (string | ArrayBuffer | number)[]): ArrayBuffer;
  AES: {
    encrypt(bytes: string, key: string, options?: EspruinoCipherOptions): ArrayBuffer;
    decrypt(bytes: string, key: string, options?: EspruinoCipherOptions): ArrayBuffer;
  };
}

interface Pin {
  read(): boolean;
}
declare var Pin: { new (name: string): Pin };

declare var Serial2: EspruinoSerial;
declare var Serial3: EspruinoSerial;

interface EspruinoI2c {
  setup(options: { sda: Pin; scl: Pin; bitrate: number }): void;
  writeTo(address: number, bytes: readonly number[]): void;
}
declare var I2C1: EspruinoI2c;

interface EspruinoOled {
  clear(): void;
  setFont(name: string): void;
  drawString(text: string, x: number, y: number): void;
  flip(): void;
}

interface EspruinoOledDriver {
  connect(i2c: EspruinoI2c, callback: () => void): EspruinoOled;
}

declare var E: {
  /** A view of the string's bytes, not a copy. */
  toArrayBuffer(bytes: string): ArrayBuffer;
  toString(bytes: Uint8Array | ArrayBuffer): string;
  CRC32(bytes: string): number;
  enableWatchdog(timeoutS: number, isAuto: boolean): void;
  kickWatchdog(): void;
  /**
   * Reads and clears: `MEMORY`, `LOW_MEMORY`, `CALLBACK` (a listener was removed), `FIFO_FULL`,
   * `BUFFER_FULL`, `UART_OVERFLOW`, `MEMORY_BUSY` (input was lost).
   */
  getErrorFlags(): string[];
  reboot(): void;
  /** Where its bytes are if they lie in one piece, else 0. */
  getAddressOf(bytes: Uint8Array, flat: true): number;
  /** Moves variables together, so that native calls find room for what has to lie in one piece. */
  defrag(): void;
  setConsole(device: null, options: { force: boolean | 1 }): void;
};

declare var process: {
  memory(collectGarbage: boolean): { free: number };
  on(event: 'uncaughtException', callback: (error: unknown) => void): void;
};

declare function require(name: 'Storage'): EspruinoStorage;
declare function require(name: 'Wifi'): EspruinoWifi;
declare function require(name: 'crypto'): EspruinoCrypto;
declare function require(name: 'net'): EspruinoNet;
declare function require(name: 'SSD1306'): EspruinoOledDriver;
declare function require(name: 'tls'): EspruinoTls;
declare function require(name: 'TelnetServer'): { setOptions(options: { mode: 'off' }): void };

/** Seconds since power-on while nobody sets the clock, and the unit never does. */
declare function getTime(): number;
/** Text is run in the global scope; the gate leaves that to the loader. */
declare function setTimeout(callback: (() => void) | string, delayMs: number): number;
declare function clearTimeout(timer: number): void;
declare function pinMode(pin: Pin, mode: 'input_pullup' | 'output'): void;
declare function digitalWrite(pin: Pin, value: number): void;
/** The voltage on a pin as a share of the supply, 0 to 1. */
declare function analogRead(pin: Pin): number;
declare function analogWrite(pin: Pin, duty: number, options: { freq: number }): void;
/** Ends all watches. */
declare function clearWatch(): void;
declare function setWatch(
  callback: (event: { state: boolean; pin: Pin }) => void,
  pin: Pin,
  options: { repeat: true; edge: 'both'; debounce: number },
): void;
