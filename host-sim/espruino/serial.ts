/** Serial2 of one run of the interpreter: bytes in pieces that know nothing of lines. */
import { cutToBytes, piecesOf } from './bytes.js';
import type { Machine } from './machine.js';

/** The most that one `data` event carries. */
const MAX_PIECE_BYTES = 64;
/** Driver ring and event queue: what comes while the interpreter is blocked and they are full is lost. */
const HELD_WHILE_BLOCKED_BYTES = 1024 + 4096;
const HELD_WITHOUT_LISTENER_BYTES = 512;

export class DeviceSerial {
  #ready = false;
  #listener: ((bytes: string) => void) | null = null;
  #waitingBytes = 0;
  #unheard = '';

  constructor(
    readonly machine: Machine,
    readonly raiseFlag: (flag: string) => void,
  ) {}

  setUp(): void {
    this.#ready = true;
  }

  unlisten(listener: unknown): void {
    if (this.#listener === listener) this.#listener = null;
  }

  listen(listener: (bytes: string) => void): void {
    this.#listener = listener;
    const unheard = this.#unheard;
    this.#unheard = '';
    if (unheard !== '') this.feed(unheard);
  }

  feed(bytes: string): void {
    if (!this.#ready) return;
    const room = HELD_WHILE_BLOCKED_BYTES - this.#waitingBytes;
    for (const piece of piecesOf(cutToBytes(bytes).slice(0, room), MAX_PIECE_BYTES)) {
      this.#waitingBytes += piece.length;
      this.machine.post(() => {
        this.#waitingBytes -= piece.length;
        this.#hear(piece);
      });
    }
  }

  #hear(piece: string): void {
    if (this.#listener) {
      const listener = this.#listener;
      this.machine.runRemovable(
        () => listener(piece),
        () => {
          this.#listener = null;
          this.raiseFlag('CALLBACK');
        },
      );
      return;
    }
    this.#unheard += piece;
    if (this.#unheard.length <= HELD_WITHOUT_LISTENER_BYTES) return;
    this.#unheard = this.#unheard.slice(0, HELD_WITHOUT_LISTENER_BYTES);
    this.raiseFlag('BUFFER_FULL');
  }
}

/** What the unit's code sees as `Serial2`. */
export class SerialModule {
  readonly #serial: DeviceSerial;

  constructor(serial: DeviceSerial) {
    this.#serial = serial;
  }

  setup(): void {
    this.#serial.machine.enter();
    this.#serial.setUp();
  }

  removeListener(event: unknown, callback: unknown): void {
    this.#serial.machine.enter();
    if (event === 'data') this.#serial.unlisten(callback);
  }

  on(event: unknown, callback: unknown): void {
    this.#serial.machine.enter();
    if (event !== 'data' || typeof callback !== 'function') return;
    this.#serial.listen(callback as (bytes: string) => void);
  }
}
