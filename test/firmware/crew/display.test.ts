/** What a display shows at every stage: short, plain, and nothing to read while moving. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createCrew } from '../../../firmware/crew/crew.js';
import { LINES, LINE_CHARS, LinkState, lines, type Facts } from '../../../firmware/crew/display.js';
import { Stage, menuOf } from '../../../firmware/crew/menu.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { isPlainText } from '../../../protocol/bytes.js';
import { Answer, CrewStatus, Presence, Readiness } from '../../../protocol/codes.js';
import { MAX_ADDRESS_CHARS, MAX_CALL_SIGN_CHARS } from '../../../protocol/limits.js';
import { CrewRig } from './crew-rig.js';

const facts: Facts = {
  callSign: 'Alpha 21',
  link: LinkState.onDuty,
  presence: Presence.present,
  readiness: Readiness.ready,
  address: '12 High Street, Croydon',
  distanceM: 640,
  bearingDeg: 44,
  ageS: 12,
};

function shown(rig: CrewRig, changes: Partial<Facts> = {}): string[] {
  return lines(rig.crew, { ...facts, ...changes });
}

test('L3: without a job: call sign, link, AED, status', () => {
  const rig = new CrewRig();
  assert.equal(shown(rig), ['Alpha 21', 'LINK OK', 'AED NO FAULT', 'AVAILABLE']);
  rig.tap(Input.accept);
  assert.is(shown(rig)[3], 'UNAVAILABLE?', 'chosen, and not said');
  rig.hold(Input.accept);
  assert.is(shown(rig)[3], 'UNAVAILABLE');
  rig.tap(Input.accept).hold(Input.accept);
  assert.is(shown(rig)[3], 'OTHER DUTY');
});

test('the link in words', () => {
  const words = Object.values(LinkState).map((link) => shown(new CrewRig(), { link })[1]);
  assert.equal(words, ['NO LINK', 'CONTROL AWAY', 'LINK OK']);
});

test('unknown is never shown as ready, and ready never as more than that no fault was seen', () => {
  const { present, absent, unknown } = Presence;
  const { ready, attention, fault } = Readiness;
  const table: [number, number, string][] = [
    [present, ready, 'AED NO FAULT'],
    [present, attention, 'AED LOOK AT IT'],
    [present, fault, 'AED FAULT'],
    [present, Readiness.unknown, 'AED NOT CHECKED'],
    [present, 99, 'AED NOT CHECKED'],
    [99, ready, 'AED UNKNOWN'],
  ];
  for (const readiness of Object.values(Readiness)) {
    table.push([absent, readiness, 'AED OUT'], [unknown, readiness, 'AED UNKNOWN']);
  }
  for (const [presence, readiness, words] of table) {
    assert.is(shown(new CrewRig(), { presence, readiness })[2], words);
  }
});

test('a dispatch: where, how far, for how long, and how many more', () => {
  const rig = new CrewRig().offer(7);
  const address = ['12 High Street,', 'Croydon', '640m NE 12s'];
  assert.equal(shown(rig), [...address, 'ACCEPT?']);
  rig.offer(8, 9).tap(Input.accept);
  assert.equal(shown(rig), [...address, 'ACCEPT? +2']);
});

test('the option of every stage has its word and a question mark', () => {
  const words: Record<string, string> = {
    enRoute: 'EN ROUTE?',
    onScene: 'ON SCENE?',
    alreadyOnScene: 'WAS ON SCENE?',
    aedTaken: 'AED TAKEN?',
    aedUsed: 'AED USED?',
    handedOver: 'HANDED OVER?',
    notAnArrest: 'NOT ARREST?',
    clear: 'CLEAR?',
  };
  const rig = new CrewRig().reach('accept');
  for (const [answer, word] of Object.entries(words)) {
    rig.crew.option = Answer[answer as keyof typeof Answer];
    assert.is(shown(rig)[3], word);
  }
  rig.crew.option = 99;
  assert.is(shown(rig)[3], '99?', 'what it has no word for is its number');
  rig.offer(8, 9).hold(Input.accept).hold(Input.accept);
  rig.crew.option = Answer.alreadyOnScene;
  assert.is(shown(rig)[3], 'WAS ON SCENE? +2');
});

test('after a decline its reason is shown while it can be chosen', () => {
  const rig = new CrewRig().offer(7).hold(Input.decline);
  const words = ['NO REASON?', 'OTHER EMERGENCY?', 'AED NOT READY?', 'TOO FAR?', 'OTHER?'];
  for (const word of words) {
    assert.is(shown(rig)[3], word);
    rig.tap(Input.decline);
  }
  rig.wait(6000);
  assert.is(shown(rig)[3], 'AVAILABLE');
});

test('the address is divided at a space, and what does not fit is marked', () => {
  const rig = new CrewRig().offer(7);
  const table: [string, string, string][] = [
    ['', '', ''],
    ['Short', 'Short', ''],
    ['Exactly 16 chars', 'Exactly 16 chars', ''],
    ['Exactly 16 chars and', 'Exactly 16 chars', 'and'],
    ['Exactly16charsOK more', 'Exactly16charsOK', 'more'],
    ['Exactly16charsOKmore', 'Exactly16charsOK', 'more'],
    ['1 Long Road, Somewhere Far, A', '1 Long Road,', 'Somewhere Far, A'],
    ['1 Long Road, Somewhere Far, AB', '1 Long Road,', 'Somewhere Far, +'],
    [' leading and more words', ' leading and', 'more words'],
    ['x'.repeat(96), 'x'.repeat(16), 'x'.repeat(15) + '+'],
    ['x'.repeat(32), 'x'.repeat(16), 'x'.repeat(16)],
  ];
  for (const [address, first, second] of table) {
    assert.equal(shown(rig, { address }).slice(0, 2), [first, second], address);
  }
});

test('distance and bearing in two short words; unknown is said as unknown', () => {
  const rig = new CrewRig().offer(7);
  rig.crew.speedKmH = 50;
  const table: [number | null, number | null, string][] = [
    [null, null, '? m'],
    [null, 90, '? m'],
    [0, null, '0m'],
    [999.9, 0, '999m N'],
    [1000, 22.4, '1km N'],
    [1290, 22.5, '1.2km NE'],
    [9999, 90, '9.9km E'],
    [12345, 135, '12.3km SE'],
    [100000, 180, '100km S'],
    [20015999, 225, '20015.9km SW'],
    [300, 270, '300m W'],
    [300, 315, '300m NW'],
    [300, 337.5, '300m N'],
    [300, 360, '300m N'],
  ];
  for (const [distanceM, bearingDeg, words] of table) {
    assert.equal(shown(rig, { distanceM, bearingDeg }), ['JOB ' + words]);
  }
});

test('the age of a job', () => {
  const rig = new CrewRig().offer(7);
  for (const [ageS, words] of [
    [null, '640m NE'],
    [0, '640m NE 0s'],
    [99.9, '640m NE 99s'],
    [100, '640m NE 1min'],
    [5999, '640m NE 99min'],
    [1e9, '640m NE 16666666'],
  ] as const) {
    assert.is(shown(rig, { ageS })[2], words);
  }
});

test('section 6: while moving, a dispatch is three short words, a job two, and else it is dark', () => {
  const rig = new CrewRig();
  rig.crew.speedKmH = 60;
  assert.equal(shown(rig), []);
  rig.offer(7);
  assert.equal(shown(rig), ['JOB 640m NE']);
  rig.hold(Input.accept);
  assert.equal(shown(rig), ['640m NE']);
  rig.crew.speedKmH = null;
  assert.is(shown(rig).length, LINES);
});

const plain = (maxLength: number) => fc.string({ maxLength }).filter((text) => isPlainText(text));
const code = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(255));
const stages = fc.constantFrom(Stage.offered, Stage.seen, Stage.idle, ...Object.values(Answer));

test('L8: never more than 4 lines of 16 ASCII characters, and nothing about the ambulance', () => {
  fc.assert(
    fc.property(
      fc.record({
        callSign: plain(LINE_CHARS),
        link: code,
        presence: code,
        readiness: code,
        address: plain(MAX_ADDRESS_CHARS),
        distanceM: fc.option(fc.double({ min: 0, max: 20015999, noNaN: true })),
        bearingDeg: fc.option(fc.double({ min: 0, max: 360, noNaN: true })),
        ageS: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
      }),
      stages,
      code,
      code,
      fc.nat(7),
      fc.boolean(),
      fc.constantFrom(null, 3, 100),
      (anything, stage, option, reason, others, isDeclined, speed) => {
        const crew = createCrew(() => {});
        Object.assign(crew, { stage, option, reason, speedKmH: speed });
        crew.jobId = stage === Stage.idle ? 0 : 1;
        crew.declinedJob = isDeclined ? 2 : 0;
        for (let i = 0; i < others; i++) crew.otherJobs.push(i + 3);
        const text = lines(crew, anything);
        assert.ok(text.length <= LINES);
        for (const line of text) {
          assert.ok(line.length <= LINE_CHARS, line);
          for (const char of line) assert.ok(char >= ' ' && char <= '~', line);
        }
        const own = lines(crew, { ...anything, callSign: '', address: '' }).join(' ');
        assert.not.match(own, /AMB|NEEDED|CANCEL|READY$/);
        if (speed === 100) assert.ok(text.join(' ').split(' ').length <= 3, text.join('|'));
      },
    ),
  );
});

test('CR-055: a call sign fits', () => {
  assert.ok(MAX_CALL_SIGN_CHARS <= LINE_CHARS);
});

test('every option of every menu has a word', () => {
  const crew = createCrew(() => {});
  for (const stage of [Stage.idle, ...Object.values(Answer)]) {
    if (stage === Answer.decline || stage === Answer.clear || stage === Answer.welfare) continue;
    crew.stage = stage;
    for (const option of menuOf(stage)) {
      crew.option = option;
      assert.match(lines(crew, facts)[3] as string, /^[A-Z ]+\??$/);
    }
  }
  assert.is(crew.status, CrewStatus.available);
});

test.run();
