/**
 * `watch --metrics`: scraped over HTTP, and held to the rules of Prometheus' text format 0.0.4
 * (Prometheus: Exposition formats; Metric and label naming).
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AedReason,
  ClockQuality,
  Fix,
  PositionReason,
  Presence,
  Readiness,
  Refusal,
} from '../../../protocol/codes.js';
import type { Fields } from '../../../protocol/host/messages.js';
import { ExitCode } from '../../../tools/exit-codes.js';
import { serveMetrics } from '../../../tools/fleet/metrics-server.js';
import type { FleetUnit } from '../../../tools/fleet/schema.js';
import { unitsFromCsv } from '../../../tools/fleet/units-csv.js';
import { WatchModel } from '../../../tools/fleet/watch-model.js';
import { listOf, makeFleet } from '../../support/fleet.js';

const test = suite('metrics of a fleet');
/** All that the format can be broken with. */
const ODD = 'a"b\\c\nd';

interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (\\S+)$`);

/** By the grammar: HELP and TYPE once, before the samples of each, which stand together. */
function parsed(text: string): Map<string, Family> {
  assert.ok(text.endsWith('\n'), 'the last line ends too');
  const families = new Map<string, Family>();
  let name = '';
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const help = new RegExp(`^# HELP (${NAME}) \\S`).exec(line)?.[1];
    const [, typed, type] = new RegExp(`^# TYPE (${NAME}) (counter|gauge)$`).exec(line) ?? [];
    if (help !== undefined) {
      assert.not.ok(families.has(help), `${help} twice`);
      name = help;
    } else if (typed !== undefined) {
      assert.is(typed, name, 'TYPE follows HELP');
      families.set(name, { type: type as string, samples: new Map() });
    } else {
      const [, of, labels = '', value] = SAMPLE.exec(line) ?? [];
      assert.is(of, name, line);
      const { samples } = families.get(name) as Family;
      assert.not.ok(samples.has(labels), `${line}: the same labels twice`);
      assert.ok(Number.isFinite(Number(value)), line);
      samples.set(labels, Number(value));
    }
  }
  return families;
}

let counter = 0;
function model(): WatchModel {
  const { units } = unitsFromCsv(listOf(3), 'met', []) as { units: FleetUnit[] };
  const of = new WatchModel(units.map((unit) => ({ ...unit, area: ODD })));
  const say = (name: string, fields: Fields) => {
    const message = { at: 0, clock: ClockQuality.gps, ...fields };
    const received = { name, message, counter: ++counter, generation: 1 };
    of.take('met-bx001', received, Date.now());
  };
  say('birth', { callSign: 'BX001', firmware: ODD, board: 'esp32' });
  const reasons = AedReason.padsExpired | AedReason.cold;
  say('aed', { presence: Presence.present, readiness: Readiness.fault, reasons, seenMsAgo: 4000 });
  say('position', { reason: PositionReason.periodic, fix: Fix.gps, fixAgeMs: 500 });
  say('health', { uptimeS: 60, freeVariables: 900, refusedStale: 2 });
  of.refuse('met-bx001', Refusal.badTag);
  of.refuse('nobody', Refusal.wrongUnit);
  return of;
}

const LABELS = 'unit="met-bx001",call_sign="BX001",area="a\\"b\\\\c\\nd"';

test('a scrape is in the text format, with names, types and labels as Prometheus wants them', async () => {
  const { url, server } = await serveMetrics(model(), 0, '127.0.0.1');
  const answer = await fetch(`${url}?x=1`);
  assert.is(answer.status, 200);
  assert.is(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const families = parsed(await answer.text());
  for (const [name, { type }] of families) {
    assert.match(name, /^coresponder_[a-z_]+$/);
    assert.is(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
    assert.not.match(name, /_(ms|s|minutes|percent)$/, 'base units, in words');
  }
  const value = (name: string, labels = LABELS) =>
    families.get(`coresponder_${name}`)?.samples.get(labels);
  assert.is(value('unit_link_up'), 1);
  assert.is(value('unit_info', `${LABELS},firmware="a\\"b\\\\c\\nd",board="esp32"`), 1);
  assert.is(value('unit_aed_present'), 1);
  assert.is(value('unit_aed_ready'), 0);
  assert.is(value('unit_aed_not_ready_reason', `${LABELS},reason="padsExpired"`), 1);
  assert.is(value('unit_aed_not_ready_reason', `${LABELS},reason="cold"`), 1);
  const seenS = value('unit_aed_seen_age_seconds') ?? -1;
  assert.ok(seenS >= 4 && seenS < 60, `${seenS} s`);
  assert.is(value('unit_clock_quality'), ClockQuality.gps);
  assert.is(value('unit_uptime_seconds'), 60);
  assert.is(value('unit_refused_messages_total', `${LABELS},count="refusedStale"`), 2);
  assert.is(value('unit_unproven_messages_total', `${LABELS},code="badTag"`), 1);
  assert.is(value('unit_messages_total', `${LABELS},name="health"`), 1);
  assert.is(value('unit_trouble', `${LABELS},kind="aed"`), 1);
  assert.is(value('broker_connected', ''), 1);
  assert.is(value('stranger_messages_total', ''), 1);
  // Of the two that were never heard nothing is known but that.
  const other = LABELS.replaceAll('001', '002');
  assert.is(value('unit_link_up', other), 0);
  assert.is(value('unit_trouble', `${other},kind="link"`), 1);
  for (const name of ['aed_ready', 'fix_age_seconds', 'uptime_seconds', 'clock_quality']) {
    assert.is(families.get(`coresponder_unit_${name}`)?.samples.size, 1, name);
  }
  server.close();
});

test('nothing else is served, and nothing can be sent', async () => {
  const { url, server } = await serveMetrics(model(), 0, '127.0.0.1');
  for (const path of ['', '/', '/metric', '/metrics/x', '/../secrets/fleet-secret']) {
    const answer = await fetch(`${new URL(url).origin}${path}`);
    assert.is(answer.status, 404, path);
    assert.is(await answer.text(), '/metrics is what there is\n');
  }
  const posted = await fetch(url, { method: 'POST', body: 'x' });
  assert.is(posted.status, 405);
  assert.is(posted.headers.get('allow'), 'GET, HEAD');
  const head = await fetch(url, { method: 'HEAD' });
  assert.is(head.status, 200);
  assert.is(await head.text(), '');
  server.close();
});

test('a port that is in use ends watch with its exit code, and frees the role', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const made = await makeFleet(1, listOf(1));
  const { code, stderr } = await made.run('watch', '--metrics', String(port));
  assert.is(code, ExitCode.inUse, stderr);
  assert.match(stderr, new RegExp(`--metrics ${port}: .*EADDRINUSE.*; take another port`));
  const again = await made.run('watch');
  assert.is(again.code, ExitCode.brokerUnreachable, 'nobody has the role, and no broker is there');
  taken.close();
  made.remove();
});

test.run();
