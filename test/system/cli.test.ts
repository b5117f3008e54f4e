/** The bench's commands as a user meets them: clear lines, named exit codes, JSON only where asked. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExitCode } from '../../host-sim/exit-codes.js';
import { ROOT, finished, outputLine, sim, startSim, type Finished } from '../support/cli.js';

const test = suite('bench commands');
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
test.after(() => rmSync(folder, { recursive: true }));

function endsWith(result: Finished, code: number, said: RegExp): void {
  assert.is(result.code, code, result.stderr + result.stdout);
  assert.match(result.stderr, said);
  assert.is(result.stderr.trim().split('\n').length, 1, `one line: ${result.stderr}`);
  assert.is(result.stdout, '');
}

test('an unknown command or option is a usage error', async () => {
  const [command, option, seed] = await Promise.all([
    sim('fly'),
    sim('run', 'spine', '--sped', '3'),
    sim('run', 'spine', '--seed', 'x'),
  ]);
  endsWith(command, ExitCode.usage, /unknown command 'fly'/);
  assert.is(option.code, ExitCode.usage);
  assert.match(option.stderr, /unknown option '--sped'/);
  assert.is(seed.code, ExitCode.usage);
  assert.match(seed.stderr, /whole number from 0/);
});

test('a missing file is said in one line', async () => {
  const [scenario, log, startLog] = await Promise.all([
    sim('run', 'no-such-scenario'),
    sim('gps', 'no-such.log'),
    sim('start', '--gps', 'no-such.log', '--port', '0'),
  ]);
  endsWith(scenario, ExitCode.fileMissing, /no-such-scenario: no such scenario/);
  endsWith(log, ExitCode.fileMissing, /no-such\.log: no such log/);
  endsWith(startLog, ExitCode.fileMissing, /--gps: no-such\.log/);
});

test('a bad scenario is refused with the place and what was expected', async () => {
  const spine = JSON.parse(readFileSync(join(ROOT, 'host-sim/scenarios/spine.json'), 'utf8'));
  const write = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const noReference = structuredClone(spine);
  delete noReference.events[0].ambulanceReference;
  const wrongUnit = structuredClone(spine);
  wrongUnit.events[0].unit = 'nobody';
  const [json, reference, unit] = await Promise.all([
    sim('run', write('cut.json', '{"name": ')),
    sim('run', write('no-reference.json', JSON.stringify(noReference))),
    sim('run', write('wrong-unit.json', JSON.stringify(wrongUnit))),
  ]);
  endsWith(json, ExitCode.badFile, /cut\.json: not JSON/);
  endsWith(reference, ExitCode.badFile, /events\.0\.ambulanceReference/);
  endsWith(unit, ExitCode.badFile, /events\.0\.unit: nobody is none of met-bx01/);
});

test('a port in use is said in one line that names the way out', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const result = await sim('start', '--port', String(port));
  server.close();
  endsWith(result, ExitCode.inUse, new RegExp(`port ${port} .* in use: .*--port`));
});

test('a broker that is not there, or no broker URL at all', async () => {
  const [away, http] = await Promise.all([
    sim('run', 'spine', '--broker', 'mqtt://127.0.0.1:9'),
    sim('run', 'spine', '--broker', 'http://127.0.0.1'),
  ]);
  endsWith(away, ExitCode.brokerUnreachable, /no MQTT broker answers at mqtt:\/\/127\.0\.0\.1:9/);
  endsWith(http, ExitCode.usage, /--broker: expected mqtt:\/\/host:port/);
});

test('without the built bundle every command fails with the way out', async () => {
  const nowhere = join(folder, 'unit.js');
  const results = await Promise.all([
    sim('run', 'spine', '--bundle', nowhere),
    sim('gps', 'test/fixtures/gps/town-drive.log', '--bundle', nowhere),
    sim('start', '--port', '0', '--bundle', nowhere),
    sim('bench', '--bundle', nowhere),
  ]);
  for (const result of results) {
    endsWith(result, ExitCode.bundleMissing, /bundle is not built: .*unit\.js.*npm run build/);
  }
});

test('a check that fails makes the run fail, and says how to repeat it', async () => {
  const spine = JSON.parse(readFileSync(join(ROOT, 'host-sim/scenarios/spine.json'), 'utf8'));
  spine.checks = [
    { id: 'too-soon', kind: 'step', dispatch: 0, step: 'accepted', withinMs: 10 },
    { id: 'wrong-car', kind: 'alarms', unit: 'met-cr07', count: 1 },
  ];
  const path = join(folder, 'strict.json');
  writeFileSync(path, JSON.stringify(spine));
  const [words, json] = await Promise.all([sim('run', path), sim('run', path, '--json')]);
  assert.is(words.code, ExitCode.checkFailed);
  assert.match(words.stdout, /FAIL {2}too-soon: accepted within 10 ms: after \d/);
  assert.match(words.stdout, /FAIL {2}wrong-car: met-cr07 sounds 1 times: 0/);
  assert.match(words.stdout, /--seed 1/);
  assert.is(json.code, ExitCode.checkFailed);
  const result = JSON.parse(json.stdout);
  assert.is(result.passed, false);
  assert.equal(
    result.checks.map((check: { ok: boolean }) => check.ok),
    [false, false],
  );
});

test('gps --json prints a fix a line and the counts last', async () => {
  const result = await sim('gps', 'test/fixtures/gps/town-drive.log', '--json');
  assert.is(result.code, ExitCode.ok, result.stderr);
  const lines = result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const counts = lines.pop();
  assert.is(counts.fixes, lines.length);
  assert.equal(Object.keys(counts), ['sentences', 'fixes', 'rejected', 'skipped']);
  const keys = ['time', 'lat', 'lon', 'speed', 'course', 'altitude', 'satellites', 'hdop'];
  for (const fix of lines) assert.equal(Object.keys(fix), keys);
});

test('start comes up, sounds a dispatch, has it accepted, and ends cleanly by Ctrl-C', async () => {
  const child = startSim('start', '--port', '0', '--json', '--vehicles', '2');
  const ended = finished(child);
  await outputLine(child, '"name":"response"');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  assert.is(code, ExitCode.ok, stderr);
  assert.is(stderr, '');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const births = events.filter((event) => event.name === 'birth').map((event) => event.unit);
  assert.equal([...births].sort(), ['met-bx01', 'met-bx02']);
  const steps = events
    .filter((event) => event.name === 'receipt')
    .map((event) => [event.unit, event.fields.step]);
  assert.equal(
    steps.map(([, step]) => step),
    ['verified', 'sounding', 'seen', 'acknowledged'],
  );
  assert.equal([...new Set(steps.map(([unit]) => unit))], ['met-bx01']);
  const sounding = events.find((event) => event.fields.step === 'sounding');
  assert.type(sounding.fields.brokerToSounderMs, 'number');
});

test('start with a recorded log lives on the day of the log', async () => {
  const log = 'test/fixtures/gps/town-drive.log';
  const child = startSim('start', '--port', '0', '--json', '--vehicles', '1', '--gps', log);
  const ended = finished(child);
  await outputLine(child, '"fix":"gps"');
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.is(code, ExitCode.ok);
  const first = /RMC,(\d{6})[^,]*,A,.*?,(\d{2})(\d{2})(\d{2}),/.exec(
    readFileSync(join(ROOT, log), 'latin1'),
  );
  const [, , day, month, year] = first as RegExpExecArray;
  const event = JSON.parse(stdout.split('\n')[0] as string);
  assert.is(new Date(event.atMs).toISOString().substring(2, 10), `${year}-${month}-${day}`);
});

test.run();
