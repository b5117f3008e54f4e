/** The ledger as server-sent events, by the published client `eventsource`. */
import { EventSource } from 'eventsource';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Line } from '../../../host-sim/control-room/events.js';
import { MAX_STREAMS, PAGE_LINES, STREAM_SILENCE_MS } from '../../../host-sim/http/limits.js';
import { eventStream } from '../../../host-sim/http/stream.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { startEndpoint, TOKENS, type TestEndpoint } from './endpoint.js';
import { FakeControl } from './fake-control.js';

const test = suite<{ at: TestEndpoint; sources: EventSource[] }>('the stream of events');

test.before.each(async (context) => {
  context.at = await startEndpoint();
  context.sources = [];
});
test.after.each(async ({ at, sources }) => {
  for (const source of sources) source.close();
  await at.close();
});

const lineOf = (n: number): Line => ({ n, atMs: n, what: 'call', incident: `i${n}` });

function write(control: FakeControl, upTo: number): void {
  while (control.ledger.length < upTo) control.write(lineOf(control.ledger.length + 1));
}

/** As a browser would, but with a token; `after` is where a client before it stopped. */
function follow(at: TestEndpoint, sources: EventSource[], after?: number) {
  const numbers: number[] = [];
  const waiting: (() => void)[] = [];
  const source = new EventSource(`${at.url}/events`, {
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        headers: {
          ...(after === undefined ? {} : { 'Last-Event-ID': String(after) }),
          ...init.headers,
          authorization: `Bearer ${TOKENS.viewer}`,
        },
      }),
  });
  sources.push(source);
  source.onmessage = ({ data, lastEventId }) => {
    const line = JSON.parse(data) as Line;
    assert.is(String(line.n), lastEventId);
    numbers.push(line.n);
    for (const wake of waiting) wake();
  };
  const until = async (count: number) => {
    while (numbers.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return numbers;
  };
  return { source, until };
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test('the whole ledger is told, and then each line as it comes', async ({ at, sources }) => {
  // More than it reads at once.
  const many = PAGE_LINES + 1;
  write(at.control, many);
  const { until } = follow(at, sources);
  await until(many);
  write(at.control, many + 3);
  assert.equal(await until(many + 3), upTo(many + 3));
});

test('a client that was cut off goes on where it stopped, none missed, none twice', async ({
  at,
  sources,
}) => {
  write(at.control, 5);
  const first = follow(at, sources);
  assert.equal(await first.until(5), upTo(5));
  first.source.close();
  write(at.control, 9);
  const second = follow(at, sources, 5);
  write(at.control, 12);
  assert.equal(await second.until(7), upTo(12, 6));
});

test('a client with lines that the ledger has not is refused', async ({ at }) => {
  write(at.control, 5);
  for (const [after, status] of [
    ['6', 409],
    ['-1', 400],
    ['x', 400],
  ] as const) {
    const response = await at.ask('viewer', '/events', { headers: { 'last-event-id': after } });
    assert.is(response.status, status);
  }
});

test('as many streams as may be, and one more when one has ended', async ({ at }) => {
  const open: AbortController[] = [];
  const tryOne = async () => {
    const ending = new AbortController();
    const { status } = await at.ask('viewer', '/events', { signal: ending.signal });
    if (status === 200) open.push(ending);
    return status;
  };
  for (let count = 1; count <= MAX_STREAMS; count++) assert.is(await tryOne(), 200, `${count}`);
  assert.is(await tryOne(), 503);
  assert.is(at.control.listeners, MAX_STREAMS);
  open[0]?.abort();
  while (at.control.listeners === MAX_STREAMS) await new Promise(setImmediate);
  assert.is(await tryOne(), 200);
  for (const ending of open) ending.abort();
});

test('stopping ends the streams and leaves no listener', async ({ at }) => {
  const response = await at.ask('viewer', '/events');
  const text = response.text();
  write(at.control, 2);
  await at.close();
  assert.match(await text, /^retry: 1000\n\n/);
  assert.is(at.control.listeners, 0);
});

test('a stream with nothing to tell says so', async () => {
  const clock = new SimulatedClock(0);
  const control = new FakeControl();
  const ending = new AbortController();
  const stream = eventStream(control, clock, 0, ending.signal);
  assert.match((await stream.next()).value as string, /^retry/);
  let said: string | undefined;
  const next = stream.next().then(({ value }) => (said = value as string));
  await clock.runUntil(STREAM_SILENCE_MS - 1);
  assert.is(said, undefined);
  await clock.runUntil(STREAM_SILENCE_MS);
  await next;
  assert.is(said, ': nothing new\n\n');
  ending.abort();
  assert.is((await stream.next()).done, true);
});

test('a client that does not read holds back its own stream alone', async () => {
  const clock = new SimulatedClock(0);
  const control = new FakeControl();
  write(control, 3 * PAGE_LINES);
  const reads: number[] = [];
  const { lines } = control;
  control.lines = (from) => (reads.push(from), lines(from));
  const stream = eventStream(control, clock, 0, new AbortController().signal);
  await stream.next();
  await stream.next();
  assert.equal(reads, [1]);
  await stream.return(undefined);
  assert.is(control.listeners, 0);
});

test.run();
