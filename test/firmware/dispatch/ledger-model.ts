/** What the desk promises, in as few lines as it can be said, for a search to compare it with. */
import {
  MAX_ACCEPTED,
  MAX_EARLY,
  MAX_OPEN,
  MAX_REMEMBERED,
} from '../../../firmware/dispatch/job.js';
import { ALERT } from './desk-bench.js';

export interface Told {
  readonly id: number;
  readonly step: string;
}

/** A dispatch or an update. */
export interface Said {
  readonly dispatchId: number;
  readonly revision: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

interface Entry {
  readonly id: number;
  state: 'open' | 'answered' | 'awaited';
  seen: boolean;
  raised: number;
  revision: number;
  expiresAt: number;
  lifetimeMs: number;
  sinceMs: number;
}

const { louderAfterS, unansweredAfterS } = ALERT;

export class LedgerModel {
  /** In the order of arrival. */
  entries: Entry[] = [];
  closed: number[] = [];
  mark = 0;
  latest = 0;

  clone(): LedgerModel {
    const copy = new LedgerModel();
    copy.entries = this.entries.map((entry) => ({ ...entry }));
    copy.closed = [...this.closed];
    copy.mark = this.mark;
    copy.latest = this.latest;
    return copy;
  }

  in(state: Entry['state']): Entry[] {
    return this.entries.filter((entry) => entry.state === state);
  }

  dispatch(said: Said, utcMs: number | null, nowMs: number): string[] {
    const { dispatchId: id, expiresAt } = said;
    const entry = this.#find(id);
    const isOld = id <= this.mark && expiresAt <= this.latest;
    if (this.closed.includes(-id)) return ['refused stoodDown'];
    if (this.closed.includes(id) || (entry ? entry.state !== 'awaited' : isOld)) {
      return ['duplicate'];
    }
    if (utcMs !== null && utcMs >= (entry ?? said).expiresAt) return ['refused expired'];
    if (this.in('open').length >= MAX_OPEN) return ['refused deskFull'];
    this.#drop(id);
    this.#add(entry ?? said, 'open', nowMs);
    this.latest = Math.max(this.latest, expiresAt, (entry ?? said).expiresAt);
    return entry ? ['verified', 'sounding', 'updated'] : ['verified', 'sounding'];
  }

  update(said: Said, utcMs: number | null, nowMs: number): string[] {
    const { dispatchId: id, revision, expiresAt, issuedAt } = said;
    const entry = this.#find(id);
    if (this.closed.includes(-id)) return ['refused stoodDown'];
    if (!entry && (this.closed.includes(id) || id <= this.mark)) return ['duplicate'];
    if (!entry) {
      if (this.in('awaited').length >= MAX_EARLY) this.#drop((this.in('awaited')[0] as Entry).id);
      this.#add(said, 'awaited', nowMs);
      return [];
    }
    if (revision <= entry.revision) return ['duplicate'];
    Object.assign(entry, { revision, expiresAt, lifetimeMs: expiresAt - issuedAt });
    if (entry.state === 'awaited') return [];
    entry.lifetimeMs += nowMs - entry.sinceMs;
    this.latest = Math.max(this.latest, expiresAt);
    if (entry.state === 'answered' || utcMs === null || utcMs < expiresAt) return ['updated'];
    this.#end(id, 1);
    return ['updated', 'expired'];
  }

  standDown(id: number): string[] {
    const entry = this.#find(id);
    if (!entry && (this.closed.includes(id) || this.closed.includes(-id))) return [];
    this.#end(id, -1);
    return ['stoodDown'];
  }

  /** A touch, or an answer, by a person; 0 is the oldest. Gives whose it was. */
  touch(id: number): number {
    const entry = this.in('open').find((each) => (id === 0 || each.id === id) && !each.seen);
    if (entry) entry.seen = true;
    return entry?.id ?? 0;
  }
  answer(id: number): number {
    const entry = this.in('open').find((each) => id === 0 || each.id === id);
    const answered = this.in('answered');
    if (!entry) return 0;
    if (answered.length >= MAX_ACCEPTED) this.#end((answered[0] as Entry).id, 1);
    entry.state = 'answered';
    return entry.id;
  }
  close(id: number): void {
    if (this.#find(id)?.state === 'answered') this.#end(id, 1);
  }

  look(utcMs: number | null, nowMs: number): Told[] {
    return this.in('open').flatMap(({ id, ...entry }): Told[] => {
      const waitedMs = nowMs - entry.sinceMs;
      if (waitedMs >= entry.lifetimeMs || (utcMs !== null && utcMs >= entry.expiresAt)) {
        this.#end(id, 1);
        return [{ id, step: 'expired' }];
      }
      const afterS = [louderAfterS, unansweredAfterS, Infinity][entry.raised] as number;
      if (entry.seen || waitedMs < 1000 * afterS) return [];
      (this.#find(id) as Entry).raised++;
      return [{ id, step: entry.raised === 0 ? 'louder' : 'unanswered' }];
    });
  }

  /** Power is back: nobody has touched anything, and all that waits sounds. */
  powerOn(nowMs: number): Told[] {
    for (const entry of this.entries) {
      Object.assign(entry, { seen: false, raised: Math.min(entry.raised, 1), sinceMs: nowMs });
    }
    return this.in('open').map(({ id }) => ({ id, step: 'resumed' }));
  }

  #find(id: number): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }
  #drop(id: number): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }
  #add(said: Said | Entry, state: Entry['state'], sinceMs: number): void {
    const id = 'id' in said ? said.id : said.dispatchId;
    const lifetimeMs = 'id' in said ? said.lifetimeMs : said.expiresAt - said.issuedAt;
    const { revision, expiresAt } = said;
    const fresh = { seen: false, raised: 0, revision, expiresAt, lifetimeMs, sinceMs };
    this.entries.push({ id, state, ...fresh });
  }
  /** The lowest ids are forgotten first. */
  #end(id: number, sign: number): void {
    this.#drop(id);
    this.closed.push(sign * id);
    this.closed.sort((a, b) => Math.abs(a) - Math.abs(b));
    if (this.closed.length > MAX_REMEMBERED) {
      this.mark = Math.max(this.mark, Math.abs(this.closed.shift() as number));
    }
  }
}
