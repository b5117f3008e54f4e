/** The unit's own sources of the seal on the real interpreter, by the bench's bundle. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codecContent } from '../../host-sim/bench/codec-rows.js';
import { typicalPosition } from '../../host-sim/bench/content.js';
import { loadDeviceBench, startDeviceBench } from '../../host-sim/bench/interpreter-rows.js';
import { hostBytes } from '../../protocol/bytes.js';
import { nodeCiphers } from '../../protocol/host/ciphers.js';
import { decodeMessage } from '../../protocol/host/messages.js';
import { openEnvelope, type Opened } from '../../protocol/seal/envelope.js';
import { sealKey } from '../../protocol/seal/keys.js';
import { ROOT } from '../support/cli.js';
import { findInterpreter } from '../../host-sim/interpreter/interpreter.js';

const test = suite('the seal on the real interpreter');
const command = findInterpreter();

type Name = 'key' | 'plaintext' | 'iv' | 'aad' | 'ciphertext' | 'tag';
const example = JSON.parse(
  readFileSync(join(ROOT, 'test/fixtures/aead/rfc7518-b1.json'), 'utf8'),
) as Record<Name, string>;
const bytes = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');

/** An expression of files in flash, here `r("name")`. */
const withFiles = (expression: string): string =>
  `(function(r){return ${expression}})(require("Storage").read)`;

if (command === null) {
  console.log('the seal on the real interpreter: left out, the environment has no ESPRUINO');
  test.skip('RFC 7518 B.1 on the interpreter (CR-100)', () => {});
  test.skip('what the interpreter seals, a host opens (CR-100)', () => {});
} else {
  test('RFC 7518 B.1 on the interpreter: sealed, opened, and refused if altered (CR-100)', async () => {
    const sealed = example.ciphertext + example.tag;
    const device = await startDeviceBench(command, {
      key: bytes(example.key),
      iv: bytes(example.iv),
      aad: bytes(example.aad),
      plain: bytes(example.plaintext),
      sealed: bytes(sealed),
    });
    try {
      const seal = 'btoa(bench.seal(r("key"),r("iv"),r("aad"),r("plain")))';
      const given = Buffer.from((await device.ask(withFiles(seal))) as string, 'base64');
      assert.is(given.toString('hex'), sealed);
      const open = 'btoa(bench.open(r("key"),r("iv"),r("aad"),r("sealed")))';
      const opened = Buffer.from((await device.ask(withFiles(open))) as string, 'base64');
      assert.is(opened.toString('hex'), example.plaintext);

      for (const name of ['iv', 'aad', 'sealed']) {
        const length = (await device.ask(withFiles(`r("${name}").length`))) as number;
        for (let at = 0; at < length; at++) {
          const turned = `r(n).substr(0,${at})+String.fromCharCode(r(n).charCodeAt(${at})^1)`;
          const text = `(n==="${name}"?${turned}+r(n).substr(${at + 1}):r(n))`;
          const list = `["key","iv","aad","sealed"].map(function(n){return ${text}})`;
          const refused = `(function(v){return bench.open(v[0],v[1],v[2],v[3])})(${list})`;
          assert.is(await device.ask(withFiles(refused)), null, `${name}, byte ${at}`);
        }
      }
    } finally {
      await device.close();
    }
  });

  test('what the interpreter seals, a host opens, and the other way round (CR-100)', async () => {
    // Loading it opens a dispatch that a host sealed, and compares.
    const device = await loadDeviceBench(command);
    try {
      const payload = (await device.ask('btoa(bench.give("sealPosition"))')) as string;
      const opened = openEnvelope(
        hostBytes,
        nodeCiphers,
        [sealKey(1, codecContent.keyBytes)],
        codecContent.topic,
        Buffer.from(payload, 'base64').toString('latin1'),
      ) as Opened;
      assert.is(opened.counter, 1);
      assert.equal(decodeMessage(opened.message), { name: 'position', message: typicalPosition });
    } finally {
      await device.close();
    }
  });
}

test.run();
