/**
 * Espruino's console, spoken to by a program over a line that may lose and invent bytes. Rule: the
 * board does nothing that it was told unless the checksum of what it was told is right; it does
 * that once, however often it is told; and nothing it says counts unless its checksum is right. So
 * a question without an answer is simply put again.
 *
 * One line of at most some 900 bytes is under way at a time: less than the ring of 1024 bytes that
 * the chip has for it, so nothing is lost even where XON and XOFF are.
 */
import { setTimeout as timeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { UserError } from '../exit-codes.js';
import type { ByteLine } from './line.js';

export interface ConsoleOptions {
  /** Of the unit, and those it had before: tried in turn where the console is locked. */
  readonly passwords?: readonly string[];
  /** How long one answer is waited for before the question is put again. */
  readonly answerMs?: number;
  readonly wait?: Wait;
}

/** Resolves after that time; or at once, when the signal says that nobody waits any more. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

const waitReally: Wait = (ms, signal) =>
  timeout(ms, undefined, signal ? { signal } : {}).catch(() => {});

/** How often a question is put to a board that says nothing. */
const TRIES = 6;
/** How often to one that says that the question came spoilt: the line is alive. */
const SPOILT_TRIES = 30;
const ANSWER_MS = 2500;
/** A board that is mute for so many times that time will say nothing. It may be starting. */
const MUTE_ANSWERS = 2;
/** Bytes that are sent in one go. */
const PIECE_BYTES = 128;
/** A board that says XOFF and never XON has lost the XON. */
const PAUSE_LIMIT_MS = 2000;
const XON = '\x11';
const XOFF = '\x13';
const CTRL_C = '\x03';
/** Empties the input line, whatever noise has put there. */
const CLEAR_LINE = '\x1b[2H';
/** First on a line: this line is not echoed. */
const NO_ECHO = '\x10';
const PASSWORD_PROMPT = 'password>';
/** Longer than any answer: what is older can be let go. */
const HEARD_CHARS = 65536;

/** What a board says that has heard something spoilt. */
const SPOILT = '#?#';

/**
 * What the board is taught first. `$r` does what it is told, unless it has done so already, and
 * answers; `$w` writes a piece of a file, unless it is there, and gives the checksum of what is
 * there then. `S` is its flash.
 */
const LESSON =
  '($i=-1,$a="",S=require("Storage"),' +
  '$r=function(i,c,t){if(i<$i)return;if(i!==$i){if(E.CRC32(t)!==c){print("\\n' +
  SPOILT +
  '");return}' +
  '$i=i;try{$a="="+JSON.stringify(eval(t))}catch(x){$a="!"+x}}' +
  't=i+":"+$a;print("\\n#"+t+":"+E.CRC32(t)+"#")},' +
  '$w=function(n,o,z,d){d=atob(d);if(S.read(n,o,d.length)!==d)S.write(n,d,o,z);' +
  'return E.CRC32(S.read(n,o,d.length))},1)';

const WRONG_PASSWORD =
  'the console is locked, and the password of this unit does not open it. Is it the board of ' +
  'another unit? --unlock with that one’s call sign opens it; erasing its flash does too (see: flash)';

/** The board said that what it was asked cannot be done. */
export class BoardError extends Error {}

export class BoardConsole {
  #heard = '';
  #wake: (() => void) | null = null;
  #isPaused = false;
  #isGone = false;
  #question = 0;
  #wasLocked = false;
  readonly #answerMs: number;
  readonly wait: Wait;

  private constructor(
    readonly line: ByteLine,
    readonly options: ConsoleOptions,
  ) {
    this.#answerMs = options.answerMs ?? ANSWER_MS;
    this.wait = options.wait ?? waitReally;
    line.onBytes((bytes) => this.#hear(bytes));
    line.onGone(() => {
      this.#isGone = true;
      this.#wake?.();
    });
  }

  /** Whether the last greeting was answered by a demand for the password. */
  get wasLocked(): boolean {
    return this.#wasLocked;
  }

  /** A console on a line. Nothing has been said yet. */
  static on(line: ByteLine, options: ConsoleOptions = {}): BoardConsole {
    return new BoardConsole(line, options);
  }

  /**
   * Finds the board at its prompt, logs in where the console is locked, and gives the version of
   * its interpreter. Each line of this is short: there are interpreters that lose long ones.
   * @param known passwords that the board may have, if not those of the options
   * @throws UserError if nobody answers, or if the password is not this board's
   */
  async greet(known = this.options.passwords ?? []): Promise<string> {
    // Each of them twice: noise may have spoilt the line.
    const passwords = known.flatMap((each) => [each, each]);
    this.#wasLocked = false;
    for (let tries = 0; tries < TRIES;) {
      this.#heard = '';
      await this.#send(`${CLEAR_LINE}${NO_ECHO}print("#V"+process.version+"#")\n`);
      const said = await this.#until(() => {
        if (this.#heard.includes(PASSWORD_PROMPT)) return 'locked';
        return /#V(\d+v\d+(?:\.\d+)?)#/.exec(this.#heard)?.[1] ?? null;
      });
      if (said === null) tries++;
      else if (said !== 'locked') return said;
      else {
        this.#wasLocked = true;
        const password = passwords.shift();
        if (password === undefined) throw new UserError('board', WRONG_PASSWORD);
        await this.#send(`${password}\n`);
        await this.#until(() => (this.#heard.includes('Logged in') ? true : null));
      }
    }
    throw new UserError(
      'board',
      'no answer from the board. If it is a unit already, hold both its buttons while it is ' +
        'switched on, and until this has ended; else look at the cable, and whether Espruino is on it ' +
        '(see: flash)',
    );
  }

  /** What the console says to a short question, without logging in. */
  async state(): Promise<'mute' | 'locked' | 'open'> {
    this.#heard = '';
    await this.#send(`${CLEAR_LINE}${NO_ECHO}print("#V"+process.version+"#")\n`);
    const answer = () => {
      if (this.#heard.includes(PASSWORD_PROMPT)) return 'locked';
      return this.#heard.includes('#V') ? 'open' : null;
    };
    return (await this.#until(answer, MUTE_ANSWERS * this.#answerMs)) ?? 'mute';
  }

  /** Ends whatever runs: all timers, watches and sockets are gone, and its memory is free. */
  async halt(): Promise<void> {
    await this.#send(CTRL_C);
    await this.#send(`${CLEAR_LINE}${NO_ECHO}reset()\n`);
    await this.#quiet();
  }

  /** Teaches the board to do and say things by checksum. Once after each start of it. */
  async teach(): Promise<void> {
    const text = JSON.stringify(LESSON);
    for (let tries = 0; tries < TRIES; tries++) {
      this.#heard = '';
      await this.#send(
        `${CLEAR_LINE}${NO_ECHO}$s=${text};if(E.CRC32($s)===${crc32(LESSON)})` +
          'print("#T"+eval($s)+"#")\n',
      );
      if (await this.#until(() => (this.#heard.includes('#T1#') ? true : null))) return;
    }
    throw this.#silent('the first lines');
  }

  /**
   * The value of an expression, which goes through JSON. The board evaluates it once.
   * @param what for people, in the error: expressions may hold secrets
   * @throws BoardError if the expression throws there, UserError if there is no answer
   */
  async ask(expression: string, what: string): Promise<unknown> {
    const id = ++this.#question;
    const question = `$r(${id},${crc32(expression)},${JSON.stringify(expression)})\n`;
    for (let silent = 0, spoilt = 0; silent < TRIES && spoilt < SPOILT_TRIES;) {
      this.#heard = '';
      await this.#send(`${CLEAR_LINE}${NO_ECHO}${question}`);
      const answer = await this.#until(() => {
        const said = answerIn(this.#heard, id);
        return said ?? (this.#heard.includes(SPOILT) ? SPOILT : null);
      });
      if (answer === null) silent++;
      else if (answer === SPOILT) spoilt++;
      else if (answer.startsWith('=')) return valueOf(answer.slice(1));
      else throw new BoardError(`${what}: the board says ${answer.slice(1)}`);
    }
    throw this.#silent(what);
  }

  /** Says something that has no answer, because the board restarts by it. */
  async tell(statement: string): Promise<void> {
    await this.#send(`${CLEAR_LINE}${NO_ECHO}${statement}\n`);
    await this.#quiet();
  }

  /** Leaves a board that runs on: the lesson's memory given back, and locked if it was. */
  async leave(): Promise<void> {
    const names = '["$i","$a","$r","$w","$s","S"]';
    await this.tell(`${names}.forEach(function(n){delete global[n]});E.lockConsole()`);
  }

  async close(): Promise<void> {
    await this.line.close();
  }

  #silent(what: string): UserError {
    if (this.#isGone) return gone(what);
    const found = `no answer from the board to: ${what}, asked ${TRIES} times`;
    return new UserError('board', `${found}. Look at the cable and run this again`);
  }

  async #send(bytes: string): Promise<void> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (this.#isGone) throw gone('writing');
      if (this.#isPaused) await this.#until(() => (this.#isPaused ? null : true), PAUSE_LIMIT_MS);
      this.#isPaused = false;
      await this.line.write(bytes.slice(at, at + PIECE_BYTES));
    }
  }

  #hear(bytes: string): void {
    for (const byte of bytes) {
      if (byte === XOFF) this.#isPaused = true;
      else if (byte === XON) this.#isPaused = false;
      else this.#heard += byte;
    }
    this.#heard = this.#heard.slice(-HEARD_CHARS);
    this.#wake?.();
  }

  /** What is found in the words of the board, or null when the time is over. */
  async #until<T>(find: () => T | null, limitMs = this.#answerMs): Promise<T | null> {
    const timer = new AbortController();
    const timeout = this.wait(limitMs, timer.signal).then(() => true);
    for (let isOver = false; ;) {
      const found = find();
      if (found !== null || isOver || this.#isGone) {
        timer.abort();
        return found;
      }
      const woken = new Promise<boolean>((resolve) => (this.#wake = () => resolve(false)));
      isOver = await Promise.race([woken, timeout]);
    }
  }

  /** Until nothing was heard for a while: it starts, or has started. */
  async #quiet(): Promise<void> {
    for (let before = -1; before !== this.#heard.length;) {
      before = this.#heard.length;
      await this.wait(this.#answerMs / 10);
    }
  }
}

function gone(what: string): UserError {
  return new UserError(
    'board',
    `the line to the board ended (${what}). Nothing is lost: connect it and run this again`,
  );
}

function valueOf(json: string): unknown {
  return json === 'undefined' ? undefined : JSON.parse(json);
}

/** The answer to a question, if it stands there whole: `#ID:ANSWER:CRC#`, of which CRC is right. */
export function answerIn(heard: string, id: number): string | null {
  const opening = `#${id}:`;
  for (let from = heard.indexOf(opening); from >= 0; from = heard.indexOf(opening, from + 1)) {
    for (let end = heard.indexOf('#', from + 1); end >= 0; end = heard.indexOf('#', end + 1)) {
      const colon = heard.lastIndexOf(':', end);
      const said = heard.slice(from + 1, colon);
      if (colon > from && heard.slice(colon + 1, end) === String(crc32(said))) {
        return said.slice(opening.length - 1);
      }
    }
  }
  return null;
}
