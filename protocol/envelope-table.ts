import type { MessageTable } from './table.js';
import { MAX_GENERATION, MAX_SEALED_BYTES, MIN_SEALED_BYTES } from './limits.js';

/** What every MQTT payload is: one sealed message (SPEC section 4). */
export const envelope: MessageTable = {
  name: 'envelope',
  direction: 'both',
  about: 'Carries one sealed message.',
  fields: [
    { name: 'version', kind: 'u8', about: 'Protocol version.' },
    {
      name: 'keyId',
      kind: 'u8',
      min: 1,
      max: MAX_GENERATION,
      about: 'Generation of the keys that it is sealed with.',
    },
    {
      name: 'counter',
      kind: 'u32',
      min: 1,
      about: "Number of the message among its sender's, never used again.",
    },
    {
      name: 'sealed',
      kind: 'bytes',
      min: MIN_SEALED_BYTES,
      max: MAX_SEALED_BYTES,
      about: 'Ciphertext of the message, then its tag of 16 bytes.',
    },
  ],
};
