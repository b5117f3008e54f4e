/**
 * The desk and its alarm with a flash, a broker that keeps what was not acknowledged, and a crew;
 * and beside them the model. Everything is done to both, and then compared.
 */
import * as assert from 'uvu/assert';
import {
  Urgency,
  createAlarm,
  runAlarm,
  setUrgency,
  startAlarm,
  type Alarm,
} from '../../../firmware/dispatch/alarm.js';
import {
  answerJob,
  closeJob,
  createDesk,
  runDesk,
  seenJob,
  takeDispatch,
  takeStandDown,
  takeUpdate,
  urgencyOf,
  type Desk,
} from '../../../firmware/dispatch/desk.js';
import { JobPhase } from '../../../firmware/dispatch/job.js';
import { restoreDesk, saveDesk } from '../../../firmware/dispatch/keep.js';
import { DISPATCH_HZ } from '../../../firmware/dispatch/patterns.js';
import { Refusal, Step } from '../../../protocol/codes.js';
import { ALERT } from './desk-bench.js';
import { LedgerModel, type Said, type Told } from './ledger-model.js';

export type Message = { readonly counter: number } & (
  | { readonly kind: 'dispatch' | 'update'; readonly said: Said }
  | { readonly kind: 'stand-down'; readonly id: number }
);

type Cut = 'before' | 'after' | null;
/** The supply fails: nothing after it runs. */
class PowerCut extends Error {}

const START = 1700000000000;
const ENDS = ['acknowledged', 'stoodDown', 'expired'];
const steps = new Map<number, string>(Object.entries(Step).map(([name, code]) => [code, name]));
const refusals = new Map<number, string>(
  Object.entries(Refusal).map(([name, code]) => [code, name]),
);

export class LedgerRig {
  nowMs = 0;
  /** The control room's time; what the unit's clock is off by, null while it has none. */
  roomMs = START;
  offMs: number | null = 0;
  /** Where the power fails: at the next write. */
  cut: Cut = null;
  /** What the broker has not been told to forget. */
  wire: Message[] = [];
  readonly sent: Message[] = [];
  /** All receipts that went out, of all lives. */
  readonly told: Told[] = [];

  #flash = { text: '', taken: new Set<number>() };
  #taken = new Set<number>();
  #saved = true;
  #news: Told[] = [];
  #expected: Told[] = [];
  #model = new LedgerModel();
  #kept = new LedgerModel();
  #frequencyHz = 0;
  #alarm!: Alarm;
  #desk!: Desk;

  constructor() {
    this.#powerOn();
  }

  get utcMs(): number | null {
    return this.offMs === null ? null : this.roomMs + this.offMs;
  }

  send(message: Message): void {
    this.wire.push(message);
    this.sent.push(message);
  }

  /** Something that was sent before is delivered again, acknowledged or not. */
  repeat(at: number): void {
    const message = this.sent[at % Math.max(this.sent.length, 1)];
    if (message) this.wire.push(message);
  }

  /** The broker delivers what it has at this place; PUBACK may get lost. */
  deliver(at: number, isAckLost: boolean): void {
    const message = this.wire[at % Math.max(this.wire.length, 1)];
    if (message === undefined) return;
    this.#doing(() => {
      if (!this.#taken.has(message.counter)) {
        this.#take(message);
        this.#taken.add(message.counter);
        this.#saved = false;
      }
      this.#save();
      if (!isAckLost) this.wire = this.wire.filter((each) => each !== message);
    });
  }

  #take(message: Message): void {
    const [utcMs, nowMs] = [this.utcMs, this.nowMs];
    const id = message.kind === 'stand-down' ? message.id : message.said.dispatchId;
    const wasQuiet = this.#alarm.urgency < Urgency.sounding;
    let words: string[];
    if (message.kind === 'stand-down') {
      takeStandDown(this.#desk, id, nowMs);
      words = this.#model.standDown(id);
    } else if (message.kind === 'update') {
      const place = { latitudeE7: null, longitudeE7: 5, address: 'there', note: '' };
      takeUpdate(this.#desk, { ...message.said, ...place }, utcMs, nowMs);
      words = this.#model.update(message.said, utcMs, nowMs);
    } else {
      const place = { latitudeE7: 1, longitudeE7: null, address: 'here', note: '' };
      const dispatch = { ...message.said, ...place, category: 1, ambulanceReference: 'CAD-1' };
      takeDispatch(this.#desk, dispatch, utcMs, nowMs, nowMs);
      words = this.#model.dispatch(message.said, utcMs, nowMs);
      const isNew = words.includes('sounding');
      if (isNew && wasQuiet) assert.is(this.#frequencyHz, DISPATCH_HZ, 'it sounds at once');
    }
    this.#expected.push(...words.map((step) => ({ id, step })));
  }

  /** A person touches a button, answers (and stays, or closes it: a decline), or is done. */
  touch(id: number): void {
    this.#doing(() => {
      const seen = this.#model.touch(id);
      assert.is(seenJob(this.#desk, id, this.nowMs)?.dispatchId ?? 0, seen);
      if (seen !== 0) this.#expected.push({ id: seen, step: 'seen' });
    });
  }
  answer(id: number, isDecline: boolean): void {
    this.#doing(() => {
      const answered = this.#model.answer(id);
      assert.is(answerJob(this.#desk, id, this.nowMs)?.dispatchId ?? 0, answered);
      if (answered === 0) return;
      this.#expected.push({ id: answered, step: 'acknowledged' });
      if (isDecline) this.#close(answered);
      this.#save();
    });
  }
  close(at: number): void {
    const job = this.#desk.jobs[at % Math.max(this.#desk.jobs.length, 1)];
    if (job === undefined) return;
    this.#doing(() => {
      this.#close(job.dispatchId);
      this.#save();
    });
  }
  #close(id: number): void {
    this.#model.close(id);
    closeJob(this.#desk, id);
  }

  /** Time passes; then the unit looks after its desk and its alarm, as it does every second. */
  wait(ms: number): void {
    this.nowMs += ms;
    this.roomMs += ms;
    this.#doing(() => {
      this.#expected.push(...this.#model.look(this.utcMs, this.nowMs));
      runDesk(this.#desk, this.utcMs, this.nowMs);
      if (!this.#saved) this.#save();
      setUrgency(this.#alarm, urgencyOf(this.#desk), this.nowMs);
      runAlarm(this.#alarm, this.nowMs);
      this.#tell();
    });
  }

  powerOff(): void {
    this.#news = [];
    this.#expected = [];
    this.cut = null;
    this.#model = this.#kept.clone();
    this.#powerOn();
    this.#compare();
  }

  #powerOn(): void {
    const outputs = {
      sound: (frequencyHz: number): void => void (this.#frequencyHz = frequencyHz),
      light: (): void => {},
    };
    this.nowMs = 100;
    this.#frequencyHz = 0;
    this.#alarm = createAlarm(outputs, ALERT.volumePercent);
    this.#desk = createDesk(
      {
        onAlarm: () => {
          startAlarm(this.#alarm, this.nowMs);
          return this.nowMs;
        },
        onSettle: () => setUrgency(this.#alarm, urgencyOf(this.#desk), this.nowMs),
        onChange: () => (this.#saved = false),
        onStep: (id, code, refusal, elapsedMs) => {
          assert.ok(elapsedMs >= 0);
          const why = refusal === Refusal.none ? '' : ` ${refusals.get(refusal)}`;
          this.#news.push({ id, step: `${steps.get(code)}${why}` });
        },
      },
      ALERT,
    );
    this.#taken = new Set(this.#flash.taken);
    this.#saved = true;
    this.#expected.push(...this.#model.powerOn(this.nowMs));
    restoreDesk(this.#desk, this.#flash.text, this.nowMs);
    if (this.#model.in('open').length > 0) assert.is(this.#frequencyHz, DISPATCH_HZ, 'at once');
  }

  /** One write to flash, in which the power may fail. */
  #save(): void {
    const cut = this.cut;
    if (cut === 'before') throw new PowerCut();
    this.#flash = { text: saveDesk(this.#desk), taken: new Set(this.#taken) };
    this.#kept = this.#model.clone();
    this.#saved = true;
    if (cut === 'after') throw new PowerCut();
  }

  /** What is in flash may be told. */
  #tell(): void {
    this.#compareNews();
    this.told.push(...this.#news.splice(0));
    this.#expected = [];
  }

  #compareNews(): void {
    const byId = (a: Told, b: Told): number => a.id - b.id;
    const words = (list: readonly Told[]): Told[] => [...list].sort(byId);
    assert.equal(words(this.#news), words(this.#expected), 'what is told');
  }

  #doing(happen: () => void): void {
    try {
      happen();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.powerOff();
    }
    this.#compare();
  }

  #compare(): void {
    this.#compareNews();
    const open = this.#model.in('open');
    const waiting = this.#desk.jobs.filter((job) => job.phase === JobPhase.sounding);
    const answered = this.#desk.jobs.filter((job) => job.phase === JobPhase.answered);
    const ids = (list: readonly { dispatchId: number }[]): number[] =>
      list.map((each) => each.dispatchId);
    assert.equal(
      ids(waiting),
      open.map(({ id }) => id),
      'what waits for an answer',
    );
    assert.equal(
      ids(answered),
      this.#model.in('answered').map(({ id }) => id),
      'what was answered',
    );
    const isUnseen = open.some((entry) => !entry.seen);
    assert.is(this.#alarm.urgency >= Urgency.sounding, isUnseen, 'the alarm');
    assert.is(this.#alarm.on, open.length > 0, 'the alarm or its reminder');
  }

  /** What holds of all receipts that ever went out. */
  check(): void {
    const ids = new Set(this.told.map(({ id }) => id));
    for (const id of ids) {
      const words = this.told.filter((each) => each.id === id).map(({ step }) => step);
      const count = (step: string): number => words.filter((word) => word === step).length;
      for (const step of ['verified', 'sounding', 'acknowledged', 'expired']) {
        assert.ok(count(step) <= 1, `${step} ${id} once: ${words}`);
      }
      assert.ok(count('acknowledged') + count('expired') <= 1, `${id}: ${words}`);
      words.forEach((word, i) => {
        if (word === 'sounding') assert.is(words[i - 1], 'verified');
        if (word === 'verified') assert.is(words[i + 1], 'sounding');
      });
      // What is stood down before it comes is remembered for a while only.
      const came = words.findIndex((word) => word === 'verified' || word === 'resumed');
      const end = words.findIndex((word, i) => came >= 0 && i > came && ENDS.includes(word));
      const after = end < 0 ? [] : words.slice(end + 1);
      for (const step of ['sounding', 'resumed', 'seen', 'louder', 'unanswered', 'expired']) {
        assert.not.ok(after.includes(step), `${step} after the end of ${id}: ${words}`);
      }
    }
  }
}
