/**
 * The module `Wifi` of one run of the interpreter, and the air around it. As on the device, one
 * `connect` grants three attempts for good: drops are retried silently until they are used up, then
 * the radio stops and only a new `connect` starts it again.
 */
import type { Random } from '../world/random.js';
import type { Machine, MachineTimer } from './machine.js';
import { realm } from './quirks.js';

const ATTEMPTS = 3;
const JOIN_MS: readonly [number, number] = [1000, 3000];
const FAILED_ATTEMPT_MS = 3000;
const NO_ADDRESS = '0.0.0.0';

type Answer = (error: string | null) => void;

export class DeviceWifi {
  #address = NO_ADDRESS;
  #attemptsLeft = 0;
  #attempt: MachineTimer | null = null;
  #answer: Answer | null = null;

  constructor(
    readonly machine: Machine,
    readonly random: Random,
    readonly isInAir: () => boolean,
    readonly onLost: () => void,
  ) {}

  get joined(): boolean {
    return this.#address !== NO_ADDRESS;
  }

  get address(): string {
    return this.#address;
  }

  connect(answer: Answer | null): void {
    // On a joined station this forces a new joining.
    if (this.joined) this.#leave();
    this.#answer = answer;
    this.#attemptsLeft = ATTEMPTS;
    this.#tryJoin();
  }

  /** The network in the air has come or gone. */
  airChanged(): void {
    if (this.joined && !this.isInAir()) {
      this.#leave();
      this.#failed();
    }
  }

  #tryJoin(): void {
    if (this.#attempt) this.machine.cancel(this.#attempt);
    const waitMs = this.isInAir() ? this.random.between(...JOIN_MS) : FAILED_ATTEMPT_MS;
    this.#attempt = this.machine.after(waitMs, () => {
      this.#attempt = null;
      if (!this.isInAir()) this.#failed();
      else this.#join();
    });
  }

  #join(): void {
    this.#address = `192.168.8.${this.random.integer(2, 254)}`;
    this.#reply(null);
  }

  #failed(): void {
    if (--this.#attemptsLeft > 0) this.#tryJoin();
    else this.#reply('NO_AP_FOUND');
  }

  #leave(): void {
    this.#address = NO_ADDRESS;
    this.onLost();
  }

  #reply(error: string | null): void {
    const answer = this.#answer;
    this.#answer = null;
    if (answer) this.machine.post(() => answer(error));
  }
}

/** What the unit's code sees as the module `Wifi`. */
export class WifiModule {
  readonly #wifi: DeviceWifi;

  constructor(wifi: DeviceWifi) {
    this.#wifi = wifi;
  }

  connect(_ssid: unknown, _options: unknown, callback: unknown): void {
    this.#wifi.machine.enter();
    this.#wifi.connect(typeof callback === 'function' ? (callback as Answer) : null);
  }

  getIP(): { ip: string } {
    this.#wifi.machine.enter();
    const info = new realm.Object() as { ip: string };
    info.ip = this.#wifi.address;
    return info;
  }
}
