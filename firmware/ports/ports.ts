/** All that the unit touches of the world. */
import type { Bytes } from '../../protocol/bytes.js';
import type { Ciphers } from '../../protocol/seal/ciphers.js';
import type { Clock } from './clock.js';
import type { Display } from './display.js';
import type { Inputs } from './inputs.js';
import type { Net } from './net.js';
import type { Network } from './network.js';
import type { Outputs } from './outputs.js';
import type { Sensors } from './sensors.js';
import type { Serial } from './serial.js';
import type { Store } from './store.js';
import type { System } from './system.js';

export interface Ports {
  readonly bytes: Bytes;
  readonly ciphers: Ciphers;
  readonly clock: Clock;
  /** Null where none answers. */
  readonly display: Display | null;
  readonly inputs: Inputs;
  readonly net: Net;
  readonly network: Network;
  readonly outputs: Outputs;
  readonly gps: Serial;
  readonly sensors: Sensors;
  readonly store: Store;
  readonly system: System;
  /** The line from a reader of the AED's tag; null where none is fitted. */
  readonly tags: Serial | null;
}
