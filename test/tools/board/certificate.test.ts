/** A unit's certificate and tag reader, from the fleet folder to what its board is to have. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wantedUnit } from '../../../tools/board/from-fleet.js';
import { UserError, type ExitName } from '../../../tools/exit-codes.js';
import { openFleet, paths } from '../../../tools/fleet/folder.js';
import { makeFleet, type TestFleet } from '../../support/fleet.js';
import { hasOpenssl, makeCertificate } from '../../support/openssl.js';

const LIST =
  'call_sign,unit_id,area,type\nBX01,met-bx01,bexley,vehicle\nBX02,met-bx02,bexley,vehicle\n';
const NOW_S = Math.floor(Date.now() / 1000);
const DAY_S = 24 * 3600;

const test = suite('certificates and tag readers of units');
let made: TestFleet;

test.before(async () => {
  made = await makeFleet(1883, LIST);
  mkdirSync(join(made.folder, 'secrets/tls'));
});
test.after(() => made.remove());

/** What a board is to have as BX01, at that time. */
function wanted(nowS = NOW_S) {
  const fleet = openFleet(made.folder);
  const firmware = { loader: 'loader', bundle: 'bundle' };
  return wantedUnit(fleet, fleet.find('BX01'), firmware, nowS);
}

/** Changes a file of the folder, as a person does in an editor. */
function edit(file: string, change: (content: never) => unknown): void {
  const path = join(made.folder, file);
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as never)));
}

function brokerBy(tls: boolean): void {
  edit('fleet.json', (fleet: { brokers: object[] }) => ({
    ...fleet,
    brokers: fleet.brokers.map((broker) => ({ ...broker, tls })),
  }));
}

function refused(exit: ExitName, what: RegExp, nowS?: number): void {
  assert.throws(
    () => wanted(nowS),
    (error: unknown) => {
      assert.instance(error, UserError);
      assert.is((error as UserError).exit, exit);
      assert.match((error as UserError).message, what);
      assert.not.match((error as UserError).message, 'PRIVATE');
      return true;
    },
  );
}

test('CR-065: a tag reader is fitted where the fleet or the unit says so', () => {
  assert.is(wanted().settings.tagReader, undefined);
  edit('fleet.json', (fleet: object) => ({ ...fleet, tagReader: true }));
  assert.is(wanted().settings.tagReader, true);
  edit('units.json', (units: object[]) => units.map((unit) => ({ ...unit, tagReader: false })));
  assert.is(wanted().settings.tagReader, undefined);
});

test('CR-065: a GPS receiver that saves power is said of the fleet or of the unit', () => {
  assert.is(wanted().settings.fixPeriodS, undefined);
  edit('fleet.json', (fleet: object) => ({ ...fleet, fixPeriodS: 20 }));
  assert.is(wanted().settings.fixPeriodS, 20);
  edit('units.json', (units: object[]) => units.map((unit) => ({ ...unit, fixPeriodS: 5 })));
  assert.is(wanted().settings.fixPeriodS, 5);
  edit('units.json', (units: object[]) => units.map((unit) => ({ ...unit, fixPeriodS: 61 })));
  refused('badFile', /fixPeriodS: expected at most 60, found 61/);
  edit('units.json', (units: object[]) => units.map((unit) => ({ ...unit, fixPeriodS: 1 })));
});

if (!hasOpenssl()) {
  test.skip('certificates: left out, they take openssl', () => {});
} else {
  const at = (name: string) => join(made.folder, 'secrets/tls', name);

  test('CR-065: by TLS a unit has its own certificate and key in DER, if the folder has them', () => {
    brokerBy(true);
    assert.is(wanted().settings.tls, true);
    assert.is(wanted().certificate, null);
    makeCertificate('met-bx01', at('met-bx01'));
    const { certificate, key } = wanted().certificate!;
    const der = new X509Certificate(Buffer.from(certificate, 'latin1'));
    assert.is(der.subject, 'CN=met-bx01');
    const format = { format: 'der', type: 'pkcs1' } as const;
    assert.ok(
      der.checkPrivateKey(createPrivateKey({ key: Buffer.from(key, 'latin1'), ...format })),
    );
    assert.is(paths(made.folder).certificate('met-bx01'), at('met-bx01.crt'));
    brokerBy(false);
    assert.is(wanted().certificate, null, 'without TLS nobody asks for one');
    brokerBy(true);
  });

  test('what is wrong with them is said with the file, and no word of the key', () => {
    const [crt, key] = [at('met-bx01.crt'), at('met-bx01.key')];
    refused('badFile', /met-bx01.crt: expired on /, NOW_S + 2 * DAY_S);
    chmodSync(key, 0o644);
    refused('secret', /met-bx01.key: expected mode 600, found 644/);
    chmodSync(key, 0o600);
    makeCertificate('met-bx02', at('met-bx02'));
    copyFileSync(crt, `${crt}.kept`);
    copyFileSync(at('met-bx02.crt'), crt);
    refused('badFile', /met-bx01.crt: expected the certificate of .*met-bx01.key, found another’s/);
    writeFileSync(crt, readFileSync(key));
    refused('badFile', /met-bx01.crt: expected an X.509 certificate in PEM/);
    rmSync(crt);
    refused('fileMissing', /met-bx01.crt: no such file; .*beside .*met-bx01.key/);
    copyFileSync(`${crt}.kept`, crt);
    writeFileSync(key, '-----BEGIN PRIVATE KEY-----\nnone\n');
    refused('badFile', /met-bx01.key: expected a private key in PEM, without a password/);
    rmSync(key);
    refused('fileMissing', /met-bx01.key: no such file, beside .*met-bx01.crt/);
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    makeCertificate('met-bx01', at('met-bx01'), ...curve);
    refused('badFile', /met-bx01.key: expected an RSA key, found ec: no board takes it/);
  });
}

test.run();
