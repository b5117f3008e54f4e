/**
 * A board with memory for it is provisioned with its own certificate, out of the fleet folder and by
 * the command; the unit is born by TLS on a broker that lets nobody in without one (CR-065).
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findInterpreter } from '../../../host-sim/interpreter/interpreter.js';
import { ExitCode } from '../../../tools/exit-codes.js';
import { makeFleet } from '../../support/fleet.js';
import { findMosquitto, freePort, startMosquittoWith } from '../../support/mosquitto.js';
import { hasOpenssl, makeCertificate } from '../../support/openssl.js';
import { RealBoard } from '../../support/real-board.js';

const LIST = 'call_sign,unit_id,area,type\nBX01,met-bx01,bexley,vehicle\n';
/** Of the unit, of the console, and of TLS. */
const VARIABLES = 8000;
const MOST_RUNS = 4;
const LOOKS = 20;

const test = suite('a certificate on the interpreter');
const command = findInterpreter();
const mosquitto = findMosquitto();

test('CR-065: provisioned with its own certificate, a unit is born by TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  // Started as root, the broker goes on as somebody else.
  chmodSync(folder, 0o755);
  const [port, plainPort] = [await freePort(), await freePort()];
  const made = await makeFleet(port, LIST);
  const board = await RealBoard.open(command as string, {
    ESPRUINO_VARS: String(VARIABLES),
    ESPRUINO_STACK: '100000',
  });
  let broker: Awaited<ReturnType<typeof startMosquittoWith>> | undefined;
  try {
    const fleetFile = join(made.folder, 'fleet.json');
    const byTls = readFileSync(fleetFile, 'utf8').replace('"tls": false', '"tls": true');
    writeFileSync(fleetFile, byTls);
    mkdirSync(join(made.folder, 'secrets/tls'));
    const own = join(made.folder, 'secrets/tls/met-bx01');
    makeCertificate('met-bx01', own);
    makeCertificate('broker', join(folder, 'broker'));
    chmodSync(join(folder, 'broker.key'), 0o644);
    writeFileSync(join(folder, 'units.crt'), readFileSync(`${own}.crt`));
    await made.run('fleet', 'access', '--broker', 'mosquitto');
    const access = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
    const conf = join(folder, 'mosquitto.conf');
    writeFileSync(conf, listeners(folder, port, plainPort) + readFileSync(access, 'utf8'));
    broker = await startMosquittoWith(mosquitto as string, conf, plainPort);
    await provision(board, () => made.run('provision', 'BX01', '--port', board.url));
    await assertBorn(() =>
      made.run(
        'doctor',
        'BX01',
        '--broker',
        `mqtt://127.0.0.1:${plainPort}`,
        '--for',
        '1',
        '--json',
      ),
    );
  } finally {
    await board.close();
    await broker?.stop();
    made.remove();
    rmSync(folder, { recursive: true });
  }
});

/** For units by TLS, with a certificate; and for these tools, which are on the same machine. */
function listeners(folder: string, port: number, plainPort: number): string {
  return [
    `listener ${plainPort} 127.0.0.1`,
    `listener ${port} 127.0.0.1`,
    `certfile ${join(folder, 'broker.crt')}`,
    `keyfile ${join(folder, 'broker.key')}`,
    `cafile ${join(folder, 'units.crt')}`,
    'require_certificate true\n',
  ].join('\n');
}

type Run = () => Promise<{ code: number | null; stdout: string; stderr: string }>;

/** The build for Linux loses its place in what it is told now and then: then again. */
async function provision(board: RealBoard, run: Run): Promise<void> {
  for (let runs = 1; ; runs++) {
    const { code, stderr } = await run();
    if (code === ExitCode.ok) return;
    assert.ok(runs < MOST_RUNS, stderr);
    board.pull();
    await wait(500);
  }
}

async function assertBorn(run: Run): Promise<void> {
  for (let look = 1; ; look++) {
    const { stdout, stderr } = await run();
    const { findings } = JSON.parse(stdout) as { findings: { id: string; wrong: string }[] };
    const ids = findings.map(({ id }) => id);
    if (!ids.some((id) => ['never-born', 'dead', 'no-broker'].includes(id))) return;
    assert.ok(look < LOOKS, `${stdout}${stderr}`);
  }
}

if (command !== null && mosquitto !== null && hasOpenssl()) test.run();
else console.log('a certificate on a board: left out, it takes ESPRUINO, mosquitto and openssl');
