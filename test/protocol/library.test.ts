/** The protocol as an integrator takes it: built, by plain Node, under the name that it is published. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PLAIN_ENV } from '../support/cli.js';
import * as sources from '../../protocol/host/index.js';

const test = suite('the protocol as a library');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What plain Node prints of a module's text. */
function run(text: string): string {
  const options = { cwd: ROOT, encoding: 'utf8', env: PLAIN_ENV } as const;
  return execFileSync(process.execPath, ['--input-type=module', '-e', text], options).trim();
}

test('it has what its sources have', () => {
  const names = run(`console.log(Object.keys(await import('co-responder-unit/protocol')).join())`);
  assert.equal(names.split(',').sort(), Object.keys(sources).sort());
});

test('a message is sealed for a unit, and its own control room refuses it as its own', () => {
  const said = run(`
    import { newPeerState, UnitPeer } from 'co-responder-unit/protocol';
    const secret = Buffer.alloc(32, 7);
    const peer = new UnitPeer(secret, 'met-bx01', newPeerState(), 1500000000);
    const { topic, payload, counter } = peer.seal('hello', {
      birthCounter: 1, heardCounter: 1, issuedAt: 1500000000000, state: 1,
    });
    console.log(topic, counter, payload.length > 32, peer.open(topic, payload));
  `);
  assert.is(said, `cr/1/unit/met-bx01/down 1500000001 true ${sources.Refusal.wrongDirection}`);
});

test.run();
