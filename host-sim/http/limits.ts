/** Every limit of the HTTP endpoint, in one place. Tests probe limit − 1, limit, limit + 1. */

/** Of a request's body. A call of the longest texts takes less than a half of it. */
export const MAX_BODY_BYTES = 16_384;
/** Of one address, in any minute; beyond it 429 says when to come again. */
export const MAX_REQUESTS_PER_MINUTE = 6_000;
/** Streams of events that are open at once. */
export const MAX_STREAMS = 50;
/** Of a request from its first byte to its last: who sends slower is cut off. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** A stream with nothing to tell says so, so that neither end takes it for dead. */
export const STREAM_SILENCE_MS = 15_000;
/** Ledger lines that are read from the file at once. */
export const PAGE_LINES = 256;

/** Of an id that another system gave: calls, incidents, areas, partners, people. */
export const MAX_ID_CHARS = 64;
/** Of texts, as a call-taker types them; a unit shows what fits its display. */
export const MAX_TEXT_CHARS = 1_000;
export const MAX_REASON_CHARS = 200;
export const MAX_DETERMINANT_CHARS = 16;
export const MAX_ETA_S = 86_400;
/** Of one incident. */
export const MAX_PATIENTS = 1_000;

/** 32 hexadecimal digits: 128 bits that nobody guesses. */
export const MIN_TOKEN_CHARS = 32;
