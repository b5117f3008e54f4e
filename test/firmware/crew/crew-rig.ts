/** A crew with two buttons, run when it asks to be, that writes down in words what it tells. */
import {
  CrewEvent,
  Tone,
  createCrew,
  endJob,
  offerJob,
  pressButton,
  releaseButton,
  runCrew,
  type Crew,
} from '../../../firmware/crew/crew.js';
import { HOLD_MS } from '../../../firmware/crew/buttons.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { REST_MS } from '../../../firmware/time/tasks.js';
import { Answer, CrewStatus, DeclineReason } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';

/** Answers in the order in which a job can come to a stage, from the acceptance on. */
export const PATHS: Record<string, readonly string[]> = {
  accept: [],
  enRoute: ['enRoute'],
  onScene: ['enRoute', 'onScene'],
  alreadyOnScene: ['alreadyOnScene'],
  aedTaken: ['onScene', 'aedTaken'],
  aedUsed: ['onScene', 'aedTaken', 'aedUsed'],
  handedOver: ['onScene', 'handedOver'],
  notAnArrest: ['onScene', 'notAnArrest'],
};

export function answerWords(answer: number, reason: number): string {
  const why = reason === DeclineReason.none ? '' : ' ' + nameOf(DeclineReason, reason);
  return nameOf(Answer, answer) + why;
}

function words(kind: number, a: number, b: number, c: number): string {
  switch (kind) {
    case CrewEvent.answer:
      return `answer ${a} ${answerWords(b, c)}`;
    case CrewEvent.status:
      return `status ${nameOf(CrewStatus, a)}`;
    case CrewEvent.suggested:
      return `suggested ${a} ${nameOf(Answer, b)}`;
    case CrewEvent.tone:
      return `tone ${nameOf(Tone, a)}`;
    case CrewEvent.stuck:
      return `stuck ${nameOf(Input, a)}`;
    case CrewEvent.selfTest:
      return 'selfTest';
    default:
      return `${nameOf(CrewEvent, kind)} ${a}`;
  }
}

export class CrewRig {
  private events: string[] = [];
  readonly closed = [false, false];
  dueMs = 0;
  crew: Crew = this.newCrew();

  constructor(public nowMs = 20000) {
    this.dueMs = nowMs;
  }

  newCrew(): Crew {
    return createCrew((kind, a, b, c) => {
      this.events.push(words(kind, a, b, c));
      this.onEvent(kind, a, b, c);
    });
  }
  onEvent(_kind: number, _a: number, _b: number, _c: number): void {}

  /** The task is run: whatever was pressed wakes it. */
  run(): void {
    const [accept, decline] = this.closed as [boolean, boolean];
    const inMs = runCrew(this.crew, this.nowMs, accept, decline);
    if (!(inMs > 0 && inMs <= REST_MS)) throw new Error(`asks to be run in ${inMs} ms`);
    this.dueMs = this.nowMs + inMs;
  }
  wait(ms: number): this {
    const untilMs = this.nowMs + ms;
    while (this.dueMs <= untilMs) {
      this.nowMs = Math.max(this.nowMs, this.dueMs);
      this.run();
    }
    this.nowMs = untilMs;
    return this;
  }
  press(input: number): this {
    this.closed[input] = true;
    pressButton(this.crew, input, this.nowMs);
    this.run();
    return this;
  }
  release(input: number): this {
    this.closed[input] = false;
    releaseButton(this.crew, input, this.nowMs);
    this.run();
    return this;
  }
  tap(input: number, times = 1): this {
    for (let i = 0; i < times; i++) this.press(input).wait(200).release(input).wait(100);
    return this;
  }
  hold(input: number): this {
    return this.press(input)
      .wait(HOLD_MS + 50)
      .release(input);
  }
  offer(...jobIds: number[]): this {
    for (const jobId of jobIds) offerJob(this.crew, jobId);
    return this;
  }
  end(jobId: number): this {
    endJob(this.crew, jobId, this.nowMs);
    return this;
  }
  /** Chooses an option by short presses, and confirms it. */
  confirm(option: string): this {
    for (let i = 0; i < 6 && nameOf(Answer, this.crew.option) !== option; i++) {
      this.tap(Input.accept);
    }
    return this.hold(Input.accept);
  }
  /** Job 7 at this stage, and nothing told. */
  reach(stage: string): this {
    this.offer(7).hold(Input.accept);
    for (const answer of PATHS[stage] as string[]) this.confirm(answer);
    // What was chosen on the way is forgotten by the sensors.
    this.wait(20000).take();
    return this;
  }
  take(): string[] {
    return this.events.splice(0);
  }
}
