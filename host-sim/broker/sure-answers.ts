/**
 * What the embedded broker is known to answer to what a unit writes (MQTT 3.1.1), so that a unit that
 * is run behind the world need not wait for it.
 */
import type { SureAnswer } from '../world/link.js';

/** PINGREQ and PINGRESP (3.12, 3.13). */
const PINGREQ = '\xc0\x00';
const PONG: SureAnswer = { text: '\xd0\x00', isEnough: true };
/** PUBACK with two bytes of packet id (3.4). */
const PUBACK = '\x40\x02';
/** First byte of a PUBLISH at QoS 1, and its flags that change nothing here (3.3.1). */
const PUBLISH_QOS1 = 0x32;
const REPEATED_OR_RETAINED = 9;

/** Null, unless it is one whole packet that has a sure answer. */
export function sureAnswerTo(bytes: string): SureAnswer | null {
  if (bytes === PINGREQ) return PONG;
  if ((bytes.charCodeAt(0) & ~REPEATED_OR_RETAINED) !== PUBLISH_QOS1) return null;
  // Seven bits of the length in each byte but the last of it (2.2.3).
  let length = 0;
  let at = 1;
  for (let bit = 0; bit < 28; bit += 7) {
    const digit = bytes.charCodeAt(at++);
    length |= (digit & 0x7f) << bit;
    if (digit < 0x80) break;
  }
  if (at + length !== bytes.length) return null;
  const idAt = at + 2 + bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
  return { text: PUBACK + bytes.substr(idAt, 2), isEnough: false };
}
