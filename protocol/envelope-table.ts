import type { MessageTable } from './table.js';
import { MAX_BODY_BYTES, MAX_TAG_BYTES } from './limits.js';

/** What every MQTT payload is: the outer array, and the seam for sealing (SPEC section 4). */
export const envelope: MessageTable = {
  name: 'envelope',
  direction: 'both',
  about: 'Carries one message. With key id 0 the body is the message itself and the tag is empty.',
  fields: [
    { name: 'version', kind: 'u8', about: 'Protocol version.' },
    { name: 'keyId', kind: 'u8', about: 'Key that the body is sealed with; 0 for none.' },
    { name: 'epoch', kind: 'u32', about: "Counts the sender's starts; kept in its store." },
    { name: 'sequence', kind: 'u32', about: 'Counts the messages of an epoch, from 1.' },
    {
      name: 'body',
      kind: 'bytes',
      min: 1,
      max: MAX_BODY_BYTES,
      about: 'The message, sealed or plain.',
    },
    { name: 'tag', kind: 'bytes', max: MAX_TAG_BYTES, about: 'Authentication tag.' },
  ],
};
