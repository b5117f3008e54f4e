/**
 * A second bundle, for the bench alone and on no unit: what the protocol costs on the device, by
 * the sources that the unit is made of. Rows are run one at a time, so that who asks can take them
 * in turn; what a row costs beyond its turns, the row `empty` tells.
 */
import { openBytes } from '../../protocol/bytes.js';
import { decodeDispatch } from '../../protocol/generated/dispatch.js';
import { encodePosition, type Position } from '../../protocol/generated/position.js';
import { aeadKey, openAead, sealAead } from '../../protocol/seal/aead.js';
import { openEnvelope, sealEnvelope, type Opened } from '../../protocol/seal/envelope.js';
import { sealKey, type SealKey } from '../../protocol/seal/keys.js';
import { WORD } from '../../protocol/wire.js';
import { createReceiver, feedReceiver } from '../position/receiver.js';
import { espruinoBytes } from './bytes.js';
import { espruinoCiphers } from './ciphers.js';

/** What can be measured; the host calls each by its name. */
export interface Rows {
  empty(): unknown;
  parse(): unknown;
  openAlarm(): unknown;
  openAll(): unknown;
  stringify(): unknown;
  sealPosition(): unknown;
}

/** What the bundle's global can do. Byte strings in, byte strings out. */
export interface DeviceBench {
  /** Takes what the rows work on from flash. */
  load(): void;
  /** Microseconds that so many turns of a row take. */
  run(row: keyof Rows, turns: number): number;
  /** What a row gives, to prove that it does its work. */
  give(row: keyof Rows): unknown;
  /** AES_128_CBC_HMAC_SHA_256 with any IV and AAD, as RFC 7518 gives its example. */
  seal(key: string, iv: string, aad: string, plain: string): string;
  open(key: string, iv: string, aad: string, sealed: string): string | null;
  /** Takes another reader of a receiver's line, with the interface of Espruino's own. */
  setPeer(connect: (line: Line, onFix: () => void) => unknown): void;
  /** Feeds the file `nmea`, of so many epochs, so many times in pieces, as a serial line does. */
  pump(whose: keyof Feeds, epochs: number, times: number): void;
  /** Microseconds until the last epoch was told, or null while that is to come. */
  pumped(): number | null;
}

/** A serial line, as far as who listens to it knows. */
interface Line {
  on(event: 'data', callback: (bytes: string) => void): void;
}

interface Feeds {
  nobody: (bytes: string) => void;
  own: (bytes: string) => void;
  peer: (bytes: string) => void;
}

/** As the device's serial driver hands them over. */
const PIECE_CHARS = 48;

const KEY_ID = 1;

let keys: readonly SealKey[];
let topic: string;
let payload: string;
let dispatchJson: string;
let positionFields: unknown;
let position: Position;
let counter = 1;

const rows: Rows = {
  empty: function () {
    return 0;
  },
  parse: function () {
    return JSON.parse(dispatchJson);
  },
  openAlarm: function () {
    const opened = openEnvelope(espruinoBytes, espruinoCiphers, keys, topic, payload) as Opened;
    const view = new DataView(espruinoBytes.toBuffer(opened.message));
    const dispatchId = view.getUint32(5);
    const category = view.getUint8(10);
    const expiresAt = view.getUint32(12) * WORD + view.getUint32(16);
    return [dispatchId, category, expiresAt];
  },
  openAll: function () {
    const opened = openEnvelope(espruinoBytes, espruinoCiphers, keys, topic, payload) as Opened;
    return decodeDispatch(openBytes(espruinoBytes, opened.message), espruinoBytes);
  },
  stringify: function () {
    return JSON.stringify(positionFields);
  },
  sealPosition: function () {
    const message = encodePosition(position, espruinoBytes);
    return sealEnvelope(espruinoCiphers, keys[0] as SealKey, topic, counter++, message);
  },
};

let nmea = '';
let told = 0;
let wanted = 0;
let pumpedChars = 0;
let charsToPump = 0;
let pumpStartS = 0;
let pumpedUs: number | null = null;
let feed: (bytes: string) => void;

const receiver = createReceiver(espruinoBytes, function () {
  told++;
});

const feeds: Feeds = {
  nobody: function () {
    told = wanted;
  },
  own: function (bytes) {
    feedReceiver(receiver, bytes);
  },
  peer: function () {},
};

/** A piece a turn of the interpreter's loop: that is when its events are handed out. */
function pumpOn(): void {
  if (pumpedChars < charsToPump) {
    setTimeout(pumpOn, 0);
    const piece = nmea.substr(pumpedChars % nmea.length, PIECE_CHARS);
    pumpedChars += piece.length;
    feed(piece);
  } else if (told < wanted) setTimeout(pumpOn, 0);
  else pumpedUs = (getTime() - pumpStartS) * 1e6;
}

/** In memory, and cut from a longer string, as the unit cuts a payload from what its socket gives. */
function file(name: string): string {
  return ('-' + require('Storage').read(name)).substr(1);
}

const bench: DeviceBench = {
  load: function () {
    const fields = JSON.parse(file('fields')) as number[];
    keys = [sealKey(KEY_ID, file('keys'))];
    topic = file('topic');
    payload = file('payload');
    dispatchJson = file('dispatch');
    positionFields = JSON.parse(file('position'));
    position = {
      fix: fields[0] as number,
      reason: fields[1] as number,
      latitudeE7: fields[2] as number,
      longitudeE7: fields[3] as number,
      speedCmPerS: fields[4] as number,
      courseCentiDeg: fields[5] as number,
      altitudeDm: fields[6] as number,
      satellites: fields[7] as number,
      hdopCenti: fields[8] as number,
      fixAgeMs: fields[9] as number,
      at: fields[10] as number,
      clock: fields[11] as number,
    };
  },
  run: function (name, turns) {
    const row = rows[name];
    const startS = getTime();
    for (let i = 0; i < turns; i++) row();
    return (getTime() - startS) * 1e6;
  },
  give: function (row) {
    return rows[row]();
  },
  seal: function (key, iv, aad, plain) {
    return sealAead(espruinoCiphers, aeadKey(key), iv, aad, plain);
  },
  open: function (key, iv, aad, sealed) {
    return openAead(espruinoBytes, espruinoCiphers, aeadKey(key), iv, aad, sealed);
  },
  setPeer: function (connect) {
    const line: Line = {
      on: function (_event, callback) {
        feeds.peer = callback;
      },
    };
    connect(line, function () {
      told++;
    });
  },
  pump: function (whose, epochs, times) {
    nmea = file('nmea');
    feed = feeds[whose];
    told = 0;
    wanted = epochs * times;
    pumpedChars = 0;
    charsToPump = nmea.length * times;
    pumpedUs = null;
    pumpStartS = getTime();
    setTimeout(pumpOn, 0);
  },
  pumped: function () {
    return pumpedUs;
  },
};

export default bench;
