/** What waits to be told, over power cuts: as text, and on the whole unit. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_KEPT_CHARS,
  keptState,
  restoreKept,
  saveKept,
  waits,
} from '../../../firmware/link/kept.js';
import {
  MAX_WAITING,
  createOutbox,
  freshPacketId,
  nextInFlight,
  post,
  type Outbox,
  type Waiting,
} from '../../../firmware/link/outbox.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { MAX_ENVELOPE_BYTES } from '../../../protocol/limits.js';
import { POSITION_TYPE } from '../../../protocol/generated/position.js';
import { RECEIPT_TYPE } from '../../../protocol/generated/receipt.js';
import { RESPONSE_TYPE } from '../../../protocol/generated/response.js';
import { STATUS_TYPE } from '../../../protocol/generated/status.js';
import { obliging } from '../../support/fake-ports.js';
import { World, cutAt, cutsOf, untilPowerCut } from '../../support/power-world.js';
import { Bench, DISPATCH, UTC, everythingSent } from '../../support/sealed.js';

const HEAD_CHARS = 3;

/** An outbox with these; what has left has a packet id. */
function outboxOf(...messages: [type: number, content: string, hasLeft: boolean][]): Outbox {
  const outbox = createOutbox();
  for (const [type, content, hasLeft] of messages) {
    post(outbox, type, content, type !== POSITION_TYPE);
    const message = outbox.waiting.at(-1) as Waiting;
    if (hasLeft) message.packetId = freshPacketId(outbox);
  }
  return outbox;
}

/** What a text brings back: type, content, whether it has left. */
function restored(text: string): [number, string, boolean][] {
  const outbox = createOutbox();
  restoreKept(outbox, text);
  return outbox.waiting.map((each) => {
    assert.ok(each.keep);
    return [each.type, each.content, each.packetId !== 0];
  });
}

test('CR-026: a round trip, with any bytes, and with what had left', () => {
  const bytes = String.fromCharCode(...Array.from({ length: 200 }, (_, i) => (i * 7) & 255));
  const longest = 'x'.repeat(Math.min(MAX_ENVELOPE_BYTES, MAX_KEPT_CHARS - 3 * HEAD_CHARS - 5));
  for (const messages of [
    [],
    [[RESPONSE_TYPE, bytes, true]],
    [
      [RESPONSE_TYPE, '|,;|', false],
      [STATUS_TYPE, '\0', true],
      [RECEIPT_TYPE, longest, true],
    ],
  ] as [number, string, boolean][][]) {
    assert.equal(restored(saveKept(outboxOf(...messages))), messages);
  }
});

test('what has left goes again in its order, each with a packet id of its own', () => {
  const outbox = createOutbox();
  const before = outboxOf(
    [RESPONSE_TYPE, 'a', true],
    [RESPONSE_TYPE, 'b', true],
    [RESPONSE_TYPE, 'c', false],
  );
  restoreKept(outbox, saveKept(before));
  const first = nextInFlight(outbox, null);
  const second = nextInFlight(outbox, first);
  assert.equal([first?.content, second?.content], ['a', 'b']);
  assert.is(nextInFlight(outbox, second), null);
});

test('positions and the like are not kept; what the crew said comes before receipts', () => {
  const text = saveKept(
    outboxOf(
      [RECEIPT_TYPE, 'r1', false],
      [POSITION_TYPE, 'p', false],
      [RESPONSE_TYPE, 'a', false],
      [RECEIPT_TYPE, 'r2', false],
      [STATUS_TYPE, 's', false],
    ),
  );
  assert.equal(
    restored(text).map(([, content]) => content),
    ['a', 's', 'r1', 'r2'],
  );
});

test('MAX_KEPT_CHARS - 1, 0, + 1: a receipt gives way, the words of the crew do not', () => {
  const word = 'w'.repeat(60);
  for (const [over, fits] of [
    [-1, true],
    [0, true],
    [1, false],
  ] as const) {
    const messages: [number, string, boolean][] = [];
    let room = MAX_KEPT_CHARS - HEAD_CHARS - word.length + over;
    for (; room > 200; room -= 100) {
      messages.push([RECEIPT_TYPE, 'r'.repeat(100 - HEAD_CHARS), false]);
    }
    messages.push([RECEIPT_TYPE, 'r'.repeat(room - HEAD_CHARS), false]);
    messages.push([RESPONSE_TYPE, word, true]);
    const text = saveKept(outboxOf(...messages));
    assert.ok(text.length <= MAX_KEPT_CHARS);
    assert.equal(restored(text)[0], [RESPONSE_TYPE, word, true]);
    assert.is(restored(text).length, messages.length - (fits ? 0 : 1), `${over}`);
  }
});

test('a text that is cut anywhere gives the messages that are whole, and no part of one', () => {
  const messages: [number, string, boolean][] = [
    [RESPONSE_TYPE, 'answer', true],
    [STATUS_TYPE, 'status', false],
    [RECEIPT_TYPE, 'receipt', false],
  ];
  const text = saveKept(outboxOf(...messages));
  for (let length = 0; length <= text.length; length++) {
    const found = restored(text.substring(0, length));
    assert.equal(found, messages.slice(0, found.length), `${length}`);
    assert.is(found.length === messages.length, length === text.length);
  }
});

test('its state changes with what comes, leaves or is acknowledged, and is 0 without any', () => {
  assert.is(keptState(outboxOf([POSITION_TYPE, 'p', true])), 0);
  const states = new Set<number>();
  for (let waiting = 0; waiting <= MAX_WAITING; waiting++) {
    for (let left = 0; left <= waiting; left++) {
      const each = Array.from({ length: waiting }, (_, i): [number, string, boolean] => [
        RECEIPT_TYPE,
        'r',
        i < left,
      ]);
      states.add(keptState(outboxOf(...each)));
    }
  }
  assert.is(states.size, ((MAX_WAITING + 1) * (MAX_WAITING + 2)) / 2);
  const outbox = outboxOf([POSITION_TYPE, 'p', false], [STATUS_TYPE, 's', true]);
  assert.equal(
    [STATUS_TYPE, POSITION_TYPE, RESPONSE_TYPE].map((type) => waits(outbox, type)),
    [true, true, false],
  );
});

/** A unit that was answered while nobody acknowledges what it says. */
function answered(isConnected: boolean): Bench {
  const bench = new Bench(undefined, undefined, (ports) => ports.inputs.set(Input.bracket, true));
  bench.opened().dispatch();
  bench.ports.clock.advance(1000);
  bench.sent();
  if (isConnected) {
    bench.ports.net.onPacket = (far, packet) => {
      if (packet.cmd !== 'publish') obliging(far, packet);
    };
  } else {
    bench.ports.network.up = false;
    bench.ports.net.far.drop();
  }
  bench.ports.inputs.hold(Input.accept);
  bench.ports.clock.advance(3000);
  return bench;
}

/** The answer and its receipt, as often as they were given to the broker. */
function answersIn(bench: Bench): { word: string; payload: string }[] {
  return everythingSent(bench.ports).flatMap(({ name, message, payload }) => {
    const isAcknowledged = name === 'receipt' && message['step'] === 4;
    return name === 'response' || isAcknowledged ? [{ word: name, payload }] : [];
  });
}

test('CR-049: answered without a link, and the power fails: it is told after the restart', () => {
  const bench = answered(false);
  assert.equal(answersIn(bench), []);
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.not.ok(after.unit.alarm.on);
  assert.equal(after.told(), ['accept 7', 'seen 7', 'acknowledged 7']);
  const last = after.restarted();
  last.ports.clock.advance(3000);
  assert.equal(last.told(), [], 'and once');
});

test('CR-026, CR-049: it had left, and the power fails: it goes again as the same bytes', () => {
  const bench = answered(true);
  const before = answersIn(bench);
  assert.is(before.length, 2);
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.equal(
    answersIn(after)
      .map((each) => each.payload)
      .sort(),
    before.map((each) => each.payload).sort(),
  );
});

test('CR-049: acknowledged it is no longer in flash, and without a change nothing is written', () => {
  const bench = answered(true);
  bench.ports.net.onPacket = obliging;
  bench.ports.net.far.drop();
  bench.ports.clock.advance(3000);
  bench.ports.trace.length = 0;
  bench.ports.clock.advance(600000);
  assert.not.ok(bench.ports.trace.some((what) => what.startsWith('write')));
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.equal(answersIn(after), []);
});

test('without a link nothing is written for what waits, however long', () => {
  const bench = answered(false);
  bench.ports.trace.length = 0;
  bench.ports.clock.advance(3600000);
  assert.not.ok(bench.ports.trace.some((what) => what.startsWith('write desk')));
});

test('CR-049, CR-112: the power fails at any write of an answer: told, or it sounds again', () => {
  const prepared = (): World => {
    const world = new World().start().run();
    world.hello(UTC);
    world.publish('dispatch', DISPATCH);
    return world.run();
  };
  const give = (world: World): void => {
    world.live.ports.inputs.hold(Input.accept);
    world.run();
  };
  const lengths: number[] = [];
  const whole = prepared();
  whole.onWrite = (_name, bytes) => (lengths.push(bytes.length), null);
  give(whole);
  assert.is(lengths.length, 2, 'with the answer, and without it');
  for (const [index, length] of lengths.entries()) {
    for (const cut of cutsOf(length)) {
      const world = prepared();
      cutAt(world, index, cut);
      untilPowerCut(() => give(world));
      world.onWrite = () => null;
      world.start().run();
      const words = world.lives.flatMap(answersIn).map((each) => each.word);
      const isTold = words.includes('response') && words.includes('receipt');
      assert.is(isTold, !world.live.unit.alarm.on, `write ${index}, cut at ${cut} of ${length}`);
      assert.is(isTold, index > 0 || cut === length);
    }
  }
});

test('CR-069: the record of a unit that was just provisioned: nothing is told, and it works', () => {
  const bench = new Bench();
  const { files } = bench.ports.store;
  const value = `00000001${UTC / 1000},0|`;
  files.set('desk.0', bench.ports.system.crc32(value).toString(16).padStart(8, '0') + value);
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.is(after.unit.inbox.window.newest, UTC / 1000);
  assert.equal(after.told(), []);
  after.dispatch();
  assert.ok(after.isSounding);
});

test.run();
