/**
 * Espruino's console, spoken to by a program: a question without an answer is put again, because
 * the board does each thing only once (console-words.ts).
 *
 * One line of at most some 900 bytes is under way at a time: less than the ring of 1024 bytes that
 * the chip has for it, so nothing is lost even where XON and XOFF are.
 */
import { UserError } from '../exit-codes.js';
import { ConsoleLine, gone, waitReally, type Wait } from './console-line.js';
import {
  answerIn,
  CTRL_C,
  FORGET_LINE,
  isPasswordJudged,
  LESSON_LINE,
  LESSON_TAKEN,
  lineOf,
  PASSWORD_PROMPT,
  questionLine,
  SPOILT,
  valueIn,
  VERSION_MARK,
  VERSION_QUESTION,
  versionIn,
} from './console-words.js';
import type { ByteLine } from './line.js';

export interface ConsoleOptions {
  /** Of the unit, and those it had before: tried in turn where the console is locked. */
  readonly passwords?: readonly string[];
  /** How long one answer is waited for before the question is put again. */
  readonly answerMs?: number;
  readonly wait?: Wait;
}

/** How often a question is put to a board that says nothing. */
const TRIES = 6;
/** How often to one that says that the question came spoilt: the line is alive. */
const SPOILT_TRIES = 30;
const ANSWER_MS = 2500;
/** A board that is mute for so many times that time will say nothing. It may be starting. */
const MUTE_ANSWERS = 2;

const WRONG_PASSWORD =
  'the console is locked, and the password of this unit does not open it. Is it the board of ' +
  'another unit? --unlock with that one’s call sign opens it; erasing its flash does too (see: flash)';
const NO_ANSWER =
  'no answer from the board. If it is a unit already, hold both its buttons while it is switched ' +
  'on, and until this has ended; else look at the cable, and whether Espruino is on it (see: flash)';

export class BoardConsole {
  readonly #line: ConsoleLine;
  readonly #passwords: readonly string[];
  readonly #answerMs: number;
  #question = 0;
  #wasLocked = false;

  /** A console on a line. Nothing has been said yet. */
  constructor(
    line: ByteLine,
    { passwords = [], answerMs = ANSWER_MS, wait = waitReally }: ConsoleOptions = {},
  ) {
    this.#line = new ConsoleLine(line, wait);
    this.#passwords = passwords;
    this.#answerMs = answerMs;
  }

  /** Whether the last greeting was answered by a demand for the password. */
  get wasLocked(): boolean {
    return this.#wasLocked;
  }

  /**
   * Finds the board at its prompt, logs in where the console is locked, and gives the version of
   * its interpreter.
   * @param known passwords that the board may have, if not those of the options
   * @throws UserError if nobody answers, or if the password is not this board's
   */
  async greet(known = this.#passwords): Promise<string> {
    // Each of them twice: noise may have spoilt the line.
    const passwords = known.flatMap((each) => [each, each]);
    this.#wasLocked = false;
    for (let tries = 0; tries < TRIES;) {
      await this.#line.send(VERSION_QUESTION);
      const isLocked = (heard: string) => heard.includes(PASSWORD_PROMPT);
      const said = await this.#until((heard) => (isLocked(heard) ? 'locked' : versionIn(heard)));
      if (said === null) tries++;
      else if (said !== 'locked') return said;
      else {
        this.#wasLocked = true;
        const password = passwords.shift();
        if (password === undefined) throw new UserError('board', WRONG_PASSWORD);
        await this.#line.send(`${password}\n`);
        await this.#until((heard) => isPasswordJudged(heard) || null);
      }
    }
    throw new UserError('board', NO_ANSWER);
  }

  /** What the console says to a short question, without logging in. */
  async state(): Promise<'mute' | 'locked' | 'open'> {
    await this.#line.send(VERSION_QUESTION);
    const answer = (heard: string) => {
      if (heard.includes(PASSWORD_PROMPT)) return 'locked';
      return heard.includes(VERSION_MARK) ? 'open' : null;
    };
    return (await this.#until(answer, MUTE_ANSWERS * this.#answerMs)) ?? 'mute';
  }

  /** Ends whatever runs: all timers, watches and sockets are gone, and its memory is free. */
  async halt(): Promise<void> {
    await this.#line.send(CTRL_C);
    await this.tell('reset()');
  }

  /** Teaches the board to do and say things by checksum. Once after each start of it. */
  async teach(): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      await this.#line.send(LESSON_LINE);
      if (await this.#until((heard) => heard.includes(LESSON_TAKEN) || null)) return;
    }
    throw this.#silent('the first lines');
  }

  /**
   * The value of an expression, which goes through JSON. The board evaluates it once.
   * @param what for people, in the error: expressions may hold secrets
   * @throws UserError if the expression throws there, or if there is no answer
   */
  async ask(expression: string, what: string): Promise<unknown> {
    const id = ++this.#question;
    const question = questionLine(id, expression);
    for (let silent = 0, spoilt = 0; silent < TRIES && spoilt < SPOILT_TRIES;) {
      await this.#line.send(question);
      const answer = await this.#until(
        (heard) => answerIn(heard, id) ?? (heard.includes(SPOILT) ? SPOILT : null),
      );
      if (answer === null) silent++;
      else if (answer === SPOILT) spoilt++;
      else if (answer.startsWith('=')) return valueIn(answer);
      else throw new UserError('board', `${what}: the board says ${answer.slice(1)}`);
    }
    throw this.#silent(what);
  }

  /** Says something that has no answer, because the board restarts by it. */
  async tell(statement: string): Promise<void> {
    await this.#line.send(lineOf(statement));
    await this.#line.quiet(this.#answerMs / 10);
  }

  /** Leaves a board that runs on as it was: its memory given back, its console locked again. */
  async leave(): Promise<void> {
    if (this.#line.isGone) return;
    await this.#line.send(FORGET_LINE);
    await this.#line.quiet(this.#answerMs / 10);
  }

  async wait(ms: number): Promise<void> {
    await this.#line.wait(ms);
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  #until<T>(find: (heard: string) => T | null, limitMs = this.#answerMs): Promise<T | null> {
    return this.#line.until(find, limitMs);
  }

  #silent(what: string): UserError {
    if (this.#line.isGone) return gone(what);
    const found = `no answer from the board to: ${what}, asked ${TRIES} times`;
    return new UserError('board', `${found}. Look at the cable and run this again`);
  }
}
