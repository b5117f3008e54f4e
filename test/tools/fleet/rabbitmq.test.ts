/** A fleet's definitions on the real RabbitMQ with its MQTT plugin (SPEC CR-036). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BrokerRights } from '../../support/broker-rights.js';
import { listOf, makeFleet, type TestFleet } from '../../support/fleet.js';
import { findRabbitMq, startRabbitMq, type RabbitMq } from '../../support/rabbitmq.js';

const UNITS = 12;
const test = suite('fleet on RabbitMQ');
const commands = findRabbitMq();

if (!commands) {
  console.log('a fleet on RabbitMQ: left out, rabbitmq-server is not installed');
  test.skip('CR-036 a unit reaches its own topics on RabbitMQ, and no others', () => {});
} else {
  let made: TestFleet;
  let broker: RabbitMq;
  let rights: BrokerRights;
  const thieves = () => rights.ids.filter((_, index) => index % 4 === 1);

  /** Writes the files, and does with them what the command says is next. */
  async function giveAccess(): Promise<void> {
    const { code, stdout, stderr } = await made.run('fleet', 'access', '--broker', 'rabbitmq');
    assert.is(code, 0, stderr);
    const next = /^next: (.*)$/m.exec(stdout)?.[1] as string;
    const done = await broker.run(next);
    assert.is(done.code, 0, `${next}\n${done.stdout}${done.stderr}`);
  }

  test.before(async () => {
    broker = await startRabbitMq(commands);
    made = await makeFleet(broker.port, listOf(UNITS));
    await giveAccess();
    rights = new BrokerRights(made.folder, broker.port);
  });
  test.after(async () => {
    rights?.close();
    await broker?.stop();
    made?.remove();
  });

  test('CR-036 a foreign password is refused', () => rights.refusesForeignPasswords(rights.ids));
  test('CR-036 a unit reaches its own topics', () => rights.allowsOwnTopics(rights.ids));
  test('CR-036 a unit hears no other topics', () => rights.hidesForeignTopics(thieves()));
  test('CR-036 a unit cannot speak as another, nor as the control room', () =>
    rights.refusesForgery(thieves()));
  test('a client id is no way into the session of another', () =>
    rights.keepsSessions('met-bx001', 'met-bx002'));

  test('a unit that has retired is let in no more', async () => {
    const password = rights.passwordOf('met-bx012');
    await rights.lets('met-bx012', password, true);
    await made.run('fleet', 'retire', 'BX012', '--yes');
    await giveAccess();
    await rights.lets('met-bx012', password, false);
    await rights.lets('met-bx011', rights.passwordOf('met-bx011'), true);
  });
}

test.run();
