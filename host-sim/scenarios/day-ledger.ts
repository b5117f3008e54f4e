/**
 * What a control room did and learnt in a day, one line for each thing that matters, as a person
 * reads it. What is only said again is not told again: of positions the loss of the fix and what was
 * missed, of AED and health what has changed.
 */
import {
  AedReason,
  Answer,
  Category,
  ClockQuality,
  CrewStatus,
  DeclineReason,
  Fix,
  PositionReason,
  Presence,
  Readiness,
  Refusal,
  RestartCause,
  StandDownReason,
  Step,
} from '../../protocol/codes.js';
import { nameOf, type Fields } from '../../protocol/host/messages.js';
import type { ControlEvent, Order } from '../control-room/control-room.js';

/** What was told last of a unit. */
interface Told {
  alive: boolean;
  aed: string;
  clock: string;
  fix: string;
  status: string;
  /** The next status is the one that every birth is followed by (SPEC CR-145). */
  isBornAnew: boolean;
  health: Fields;
  /** The line that counts what was missed, while more may come. */
  missed: Line | undefined;
  readonly missedAt: number[];
}

interface Line {
  readonly atMs: number;
  readonly unit: string;
  text: string;
}

/** Counts of a health report that go up when something went wrong. */
const TROUBLES =
  /^(refused\w+|droppedMessages|recoveries|uncaughtErrors|exhaustions|lateTasks|bad\w+|failedBoots)$/;
/** What is told later than this was not told at once. */
const LATE_MS = 2000;
const TEMPERATURE_REASONS = AedReason.cold | AedReason.hot | AedReason.nearLimit;

export class DayLedger {
  readonly #lines: Line[] = [];
  readonly #units = new Map<string, Told>();
  readonly #dispatches = new Map<number, Fields>();
  /** What configs and commands are called, by unit and counter. */
  readonly #orders = new Map<string, string>();

  /** The lines, under the date that they are of; what was said over and over is one. */
  get lines(): string[] {
    const texts: string[] = [];
    let day = '';
    let times = 1;
    for (const [i, line] of this.#lines.entries()) {
      const date = new Date(line.atMs).toISOString().slice(0, 10);
      if (date !== day) texts.push(date);
      day = date;
      const next = this.#lines[i + 1];
      if (next && inFull(next) === inFull(line)) {
        times++;
        continue;
      }
      texts.push(times === 1 ? inFull(line) : `${inFull(line)} (${times} times)`);
      times = 1;
    }
    return texts;
  }

  /** A config or a command was sent: what it asks for. */
  order({ unit, counter, version, sentAtMs }: Order, what: string): void {
    const isConfig = version !== undefined;
    const name = isConfig ? `config ${version}` : `command ${what}`;
    this.#orders.set(`${unit} ${counter}`, name);
    this.#say(sentAtMs, unit, isConfig ? `sent ${name}: ${what}` : `sent ${name}`);
  }

  take({ atMs, unit, name, fields }: ControlEvent): void {
    const say = (text: string) => this.#say(atMs, unit, text);
    // Each kind of message in its own words.
    switch (name) {
      case 'dispatch':
        this.#dispatches.set(idOf(fields), fields);
        say(`sent ${this.#reference(fields)}: ${dispatchWords(fields)}`);
        break;
      case 'update':
        say(`sent ${this.#reference(fields)} update ${fields['revision']}: ${this.#news(fields)}`);
        break;
      case 'stand-down':
        say(
          `sent ${this.#reference(fields)} stand-down: ${code(StandDownReason, fields, 'reason')}`,
        );
        break;
      case 'command':
        if (fields['command'] === 'rotateKeys') say('sent new keys');
        break;
      case 'refused':
        say(`a message is refused: ${fields['refusal']}`);
        break;
      case 'receipt':
        say(`${this.#reference(fields)}: ${stepWords(fields)}${lateWords(fields, atMs)}`);
        break;
      case 'response':
        say(`${this.#reference(fields)}: ${answerWords(fields)}${lateWords(fields, atMs)}`);
        break;
      case 'outcome':
        say(`${this.#orderName(unit, fields)}: ${outcomeWords(fields)}${lateWords(fields, atMs)}`);
        break;
      default:
        this.#takeState(name, unit, fields, atMs);
    }
  }

  /** What is told again and again: a line where it has changed. */
  #takeState(name: string, unit: string, fields: Fields, atMs: number): void {
    const told = this.#told(unit);
    const say = (text: string) => this.#say(atMs, unit, text);
    switch (name) {
      case 'birth':
        say(`link ${told.alive ? 'made anew' : 'gained'}: ${birthWords(fields)}`);
        told.alive = true;
        told.isBornAnew = true;
        told.missed = undefined;
        told.clock = clockOf(fields);
        break;
      case 'death':
        say('link lost');
        told.alive = false;
        break;
      case 'aed': {
        const words = aedWords(fields);
        if (words !== told.aed) say(`AED ${words}${temperatureWords(fields)}`);
        told.aed = words;
        break;
      }
      case 'status': {
        const status = code(CrewStatus, fields, 'status');
        const isNew = status !== told.status || !told.isBornAnew;
        if (isNew) say(`crew says ${status}${lateWords(fields, atMs)}`);
        told.status = status;
        told.isBornAnew = false;
        break;
      }
      case 'health':
        this.#takeHealth(told, unit, fields, atMs);
        break;
      case 'position':
        this.#takePosition(told, unit, fields, atMs);
        break;
    }
  }

  #takePosition(told: Told, unit: string, fields: Fields, atMs: number): void {
    if (fields['reason'] === PositionReason.missed) {
      this.#miss(told, unit, fields['at'] as number, atMs);
      return;
    }
    const fix = fields['fix'] === Fix.none ? 'no fix' : `fix ${code(Fix, fields, 'fix')}`;
    if (fix !== told.fix) this.#say(atMs, unit, fix);
    told.fix = fix;
    const clock = clockOf(fields);
    if (clock !== told.clock) this.#say(atMs, unit, `clock ${clock}`);
    told.clock = clock;
  }

  #takeHealth(told: Told, unit: string, health: Fields, atMs: number): void {
    const say = (text: string) => this.#say(atMs, unit, text);
    const isNewRun = Number(health['uptimeS']) < Number(told.health['uptimeS'] ?? 0);
    if (isNewRun) say(`unit has restarted: ${code(RestartCause, health, 'restartCause')}`);
    const before = isNewRun ? {} : told.health;
    for (const [field, count] of Object.entries(health)) {
      const isMore = Number(count) > Number(before[field] ?? 0);
      if (TROUBLES.test(field) && isMore) say(`health: ${field} ${count}`);
    }
    told.health = health;
  }

  /** All of one time without link are one line. */
  #miss(told: Told, unit: string, of: number, atMs: number): void {
    if (!told.missed) {
      told.missedAt.length = 0;
      told.missed = this.#say(atMs, unit, '');
    }
    told.missedAt.push(of);
    const [from, to] = [Math.min(...told.missedAt), Math.max(...told.missedAt)];
    const positions = told.missedAt.length === 1 ? 'position' : 'positions';
    const span = to === from ? timeOfDay(from) : `${timeOfDay(from)} to ${timeOfDay(to)}`;
    told.missed.text = `missed ${positions} told: ${told.missedAt.length}, of ${span}`;
  }

  #say(atMs: number, unit: string, text: string): Line {
    const line = { atMs, unit, text };
    this.#lines.push(line);
    return line;
  }

  #told(unit: string): Told {
    let told = this.#units.get(unit);
    if (!told) {
      const unsaid = { aed: '', clock: '', fix: '', status: '', health: {} };
      told = { alive: false, isBornAnew: false, ...unsaid, missed: undefined, missedAt: [] };
      this.#units.set(unit, told);
    }
    return told;
  }

  /** What people call a dispatch; one of another control room is a number. */
  #reference(fields: Fields): string {
    const id = idOf(fields);
    return String(this.#dispatches.get(id)?.['ambulanceReference'] ?? id);
  }

  #orderName(unit: string, { counter }: Fields): string {
    return this.#orders.get(`${unit} ${counter}`) ?? `order ${counter}`;
  }

  /** What an update says that was not known. */
  #news(update: Fields): string {
    const before = this.#dispatches.get(idOf(update)) ?? {};
    this.#dispatches.set(idOf(update), { ...before, ...update });
    const isNew = (field: string) => update[field] !== before[field];
    const words = ['address', 'note'].filter(isNew).map((field) => `${field} ${update[field]}`);
    if (isNew('latitudeE7') || isNew('longitudeE7')) words.unshift('place');
    if (isNew('expiresAt')) words.push(`until ${timeOfDay(update['expiresAt'])}`);
    return words.join(', ') || 'nothing new';
  }
}

/** The names of a set of AedReason bits. */
export function reasonsIn(bits: number): string[] {
  return Object.entries(AedReason)
    .filter(([, bit]) => bits & bit)
    .map(([name]) => name);
}

function inFull({ atMs, unit, text }: Line): string {
  return `${timeOfDay(atMs)}  ${unit}  ${text}`;
}

function idOf(fields: Fields): number {
  return fields['dispatchId'] as number;
}

function timeOfDay(ms: unknown): string {
  return new Date(ms as number).toISOString().slice(11, 19);
}

function code(names: Readonly<Record<string, number>>, fields: Fields, field: string): string {
  return nameOf(names, fields[field] as number);
}

function dispatchWords(fields: Fields): string {
  const { address, note } = fields;
  const parts = [code(Category, fields, 'category'), address, note].filter((part) => part !== '');
  return `${parts.join('; ')}; until ${timeOfDay(fields['expiresAt'])}`;
}

function stepWords(fields: Fields): string {
  const step = code(Step, fields, 'step');
  return fields['refusal'] === Refusal.none ? step : `${step}, ${code(Refusal, fields, 'refusal')}`;
}

function answerWords(fields: Fields): string {
  const answer = `crew says ${code(Answer, fields, 'answer')}`;
  if (fields['reason'] === DeclineReason.none) return answer;
  return `${answer}, ${code(DeclineReason, fields, 'reason')}`;
}

function outcomeWords(fields: Fields): string {
  return fields['refusal'] === Refusal.none ? 'done' : code(Refusal, fields, 'refusal');
}

function clockOf(fields: Fields): string {
  return code(ClockQuality, fields, 'clock');
}

function birthWords(fields: Fields): string {
  const { callSign, firmware, configVersion } = fields;
  return `${callSign}, firmware ${firmware}, settings ${configVersion}, clock ${clockOf(fields)}`;
}

function aedWords(fields: Fields): string {
  const presence = code(Presence, fields, 'presence');
  const readiness = code(Readiness, fields, 'readiness');
  const reasons = reasonsIn(fields['reasons'] as number);
  return `${presence}, readiness ${readiness}${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}`;
}

function temperatureWords({ reasons, temperatureDeciC }: Fields): string {
  if (!(Number(reasons) & TEMPERATURE_REASONS) || temperatureDeciC === null) return '';
  return ` (${(Number(temperatureDeciC) / 10).toFixed(1)} C)`;
}

/** When it was, where that is not when it was told. */
function lateWords({ at }: Fields, atMs: number): string {
  if (at === null) return ' (when, the unit could not tell)';
  return Math.abs(atMs - Number(at)) > LATE_MS ? ` (at ${timeOfDay(at)})` : '';
}
