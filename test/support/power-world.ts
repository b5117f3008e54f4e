/** A board whose power fails: its files outlive it, and the broker brings what it did not take. */
import { PowerCut, obliging } from './fake-ports.js';
import { Bench, UTC, newPeer, provisioned } from './sealed.js';

export type Cut = 'before' | number;
export type OnWrite = (name: string, bytes: string) => Cut | null;

/**
 * Bytes that reach flash before the power fails: none of the new file and all of the old, neither
 * of them, some, all but the last, all.
 */
export function cutsOf(length: number): Cut[] {
  const within = [0, 1, 8, 15, 16, 17, Math.floor(length / 2), length - 1, length];
  return ['before', ...new Set(within)];
}

/** One board's files over several lives, the control room, and a broker that keeps its word. */
export class World {
  readonly lives: Bench[] = [];
  private readonly files = provisioned();
  private readonly peer = newPeer();
  /** What the control room published, with its packet id; 0 is QoS 0. */
  readonly published: { payload: string; id: number }[] = [];
  /** Told of every write; says where the power fails. */
  onWrite: OnWrite = () => null;

  get live(): Bench {
    return this.lives.at(-1) as Bench;
  }
  /** Power on. */
  start(): this {
    this.lives.push(
      new Bench(this.files, this.peer, (ports) => {
        ports.store.onWrite = (name, bytes) => this.onWrite(name, bytes);
        ports.net.onPacket = (far, packet) => {
          obliging(far, packet);
          if (packet.cmd === 'subscribe') this.deliverAgain();
        };
      }),
    );
    return this;
  }
  run(ms = 3000): this {
    this.live.ports.clock.advance(ms);
    this.live.sent();
    return this;
  }
  publish(name: string, fields: object): void {
    this.pass(this.peer.seal(name, fields).payload);
  }
  rotate(): void {
    this.pass(this.peer.sealRotation(UTC).payload);
  }
  hello(issuedAt: number): void {
    this.published.push({ payload: this.live.hello(issuedAt), id: 0 });
  }
  private pass(bytes: Buffer): void {
    const payload = bytes.toString('latin1');
    const id = this.published.length + 1;
    this.published.push({ payload, id });
    this.live.deliver(payload, id);
  }
  /** What was not acknowledged; a PUBACK that the unit wrote has come, also in its last moment. */
  private deliverAgain(): void {
    const heard = this.lives.flatMap((life) => life.ports.net.ends.flatMap((end) => end.heard));
    const forgotten = new Set(
      heard.filter((each) => each.cmd === 'puback').map((p) => p.messageId),
    );
    for (const { payload, id } of [...this.published]) {
      if (id !== 0 && !forgotten.has(id)) this.live.deliver(payload, id);
    }
  }
  get generation(): number {
    return this.peer.state.generation;
  }
}

/** Makes the power fail at a write, counted from now. */
export function cutAt(world: World, index: number, cut: Cut): void {
  let writes = 0;
  world.onWrite = (_name, bytes) => {
    if (writes++ !== index) return null;
    return typeof cut === 'number' ? Math.min(cut, bytes.length) : cut;
  };
}

export function untilPowerCut(happen: () => void): void {
  try {
    happen();
  } catch (error) {
    if (error instanceof PowerCut) return;
    throw error;
  }
  throw new Error('the power did not fail');
}
