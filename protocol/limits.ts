/** Every limit of the wire, in one place (SPEC section 6). Tests probe limit − 1, limit, limit + 1. */

/** Protocol version that this code speaks (SPEC CR-020). */
export const PROTOCOL_VERSION = 1;

/** Authentication tag of a sealed message. */
export const TAG_BYTES = 16;
/** Longest message. Sealing pads it with 1 to 16 bytes to whole blocks of 16. */
export const MAX_MESSAGE_BYTES = 223;
/** Shortest and longest of what an envelope seals: ciphertext and tag. */
export const MIN_SEALED_BYTES = 32;
export const MAX_SEALED_BYTES = 240;
/** Longest envelope: what an MQTT payload may hold, and what a receiver need read. */
export const MAX_ENVELOPE_BYTES = 13 + MAX_SEALED_BYTES;
/** Generations of a unit's keys: key ids 1 to this. */
export const MAX_GENERATION = 255;
/** Counters that a replay window tells apart, the newest included. */
export const WINDOW = 32;
/** A counter of the control room is seconds since 1970, ahead of the time by at most this. */
export const MAX_COUNTER_AHEAD_S = 86400;
/** Time added to a dispatch's expiry where the unit's clock drifts. */
export const DRIFT_MARGIN_MS = 60000;

/** How long new settings are on trial: without a `hello` that counts, those before come back. */
export const CONFIG_TRIAL_MS = 600000;
/** The alarm is never set softer. */
export const MIN_VOLUME_PERCENT = 30;

/** Unit id: part of topics, so only A–Z, a–z, 0–9, `-` and `_`. */
export const MAX_UNIT_ID_CHARS = 16;
export const MAX_CALL_SIGN_CHARS = 16;
export const MAX_AMBULANCE_REFERENCE_CHARS = 16;
export const MAX_ADDRESS_CHARS = 96;
export const MAX_NOTE_CHARS = 64;
export const MAX_VERSION_CHARS = 24;
export const MAX_AED_TAG_CHARS = 16;
/** Brokers in a `config`: `host:port` and a blank between two. */
export const MAX_BROKERS_CHARS = 64;
/** Host, user, passwords and network name in a unit's settings. */
export const MAX_SETTING_CHARS = 64;
/** From fix to fix of a GPS receiver: one that saves power gives them less often. */
export const MAX_FIX_PERIOD_S = 60;

/** Greatest integer that is a value; the next one says "unknown" (CR-014). */
export const MAX_U8 = 0xfe;
export const MAX_U16 = 0xfffe;
export const MAX_U32 = 0xfffffffe;
/** Latitude and longitude in 1e-7 degree. */
export const MAX_LATITUDE_E7 = 900000000;
export const MAX_LONGITUDE_E7 = 1800000000;
/** A time is two words of 32 bits; the high one is at most this: times end in January 10000. */
export const MAX_TIME_HIGH_WORD = 0xe677;
/** The last millisecond that a time can tell: MAX_TIME_HIGH_WORD * 2 ** 32 + 2 ** 32 - 1. */
export const MAX_TIME = 253403070463999;
