/** What firmware/README.md and its pictures say, held to the code and to the tests that they name. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HAND_VALID_MS } from '../../firmware/aed/bay.js';
import { CHECK_VALID_MS } from '../../firmware/aed/readiness.js';
import { esp32DevKit } from '../../firmware/boards/esp32-devkit.js';
import { BOTH_MS, HOLD_MS } from '../../firmware/crew/buttons.js';
import { LOCK_SPEED_KMH, REASON_MS, WELFARE_MS } from '../../firmware/crew/crew.js';
import { Stage, menuOf, optionAfter } from '../../firmware/crew/menu.js';
import { AED_FAULT_PERIOD_MS } from '../../firmware/dispatch/alarm.js';
import { DISPATCH_STEPS, Pattern, stepsOf } from '../../firmware/dispatch/patterns.js';
import { LINK_LOST_MS } from '../../firmware/fitting/link.js';
import { Answer, CrewStatus, DeclineReason } from '../../protocol/codes.js';
import { defaultConfig } from '../../protocol/generated/config.js';

const test = suite("the firmware's README");
const root = fileURLToPath(new URL('../../', import.meta.url));
const firmware = join(root, 'firmware');
const text = readFileSync(join(firmware, 'README.md'), 'utf8');
const pictures = readdirSync(join(firmware, 'pictures'));
const wiring = readFileSync(join(firmware, 'pictures/wiring.svg'), 'utf8');
const card = readFileSync(join(firmware, 'pictures/vehicle-card.svg'), 'utf8');
const board = esp32DevKit();

/** What stands under a heading, down to the next of its rank or above. */
function section(heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  assert.ok(start >= 0, heading);
  const rank = heading.indexOf(' ');
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${rank}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The rows of the tables in a section, as cells, without heads. */
function rows(heading: string): string[][] {
  const isRule = (line: string | undefined): boolean => /^\|(-+\|)+$/.test(line ?? '');
  return section(heading)
    .split('\n')
    .filter((line, i, all) => line.startsWith('|') && !isRule(line) && !isRule(all[i + 1]))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What stands between backticks in the last column. */
function names(heading: string): string[] {
  return rows(heading).flatMap((cells) => /`(\w+)`/.exec(cells.at(-1) as string)?.[1] ?? []);
}

function sorted(list: readonly string[]): string[] {
  return [...list].sort();
}

const ID = /^(L([1-9]|1[0-5])|Y[1-8]|N[1-8])$/;
const IDS = ['L', 'Y', 'N'].flatMap((letter) =>
  Array.from({ length: 15 }, (_, i) => `${letter}${i + 1}`).filter((id) => ID.test(id)),
);
const requirements = rows('## Requirements');

/** Titles of the tests and suites of a file. */
function titles(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const found = source.matchAll(/\b(?:test|suite)(?:\.\w+)?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return [...found].map((match) => match[2] as string);
}

test('every requirement stands in its table once, and no other', () => {
  assert.equal(
    requirements.map(([id]) => id),
    IDS,
  );
  for (const [id, does, shown] of requirements) {
    const isControls = (does as string).startsWith('for the control room: ');
    assert.is(shown === '–', isControls, id);
    assert.is((shown as string).includes('›'), !isControls, id);
  }
});

test('every test that is named is there', () => {
  let count = 0;
  for (const [id, , shown] of requirements) {
    for (const named of (shown as string).split('; ').filter((each) => each !== '–')) {
      const [, name, path, title] = /^\[(.+)\]\(\.\.\/(.+)\) › “(.+)”$/.exec(named) ?? [];
      assert.ok(name && path && title, `${id}: ${named}`);
      const file = join(root, path as string);
      assert.ok(existsSync(file), `${id}: ${path}`);
      assert.ok(
        titles(file).some((each) => each.includes(title as string)),
        `${id}: ${path} has no “${title}”`,
      );
      assert.match(path as string, new RegExp(`^test/(firmware/)?${name}\\.test\\.ts$`));
      count++;
    }
  }
  assert.ok(count > 10);
});

test('what a test of the unit is named for is not left to the control room', () => {
  const control = requirements.filter(([, , shown]) => shown === '–').map(([id]) => id);
  const files = (readdirSync(join(root, 'test/firmware'), { recursive: true }) as string[])
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(root, 'test/firmware', file));
  for (const file of files) {
    for (const title of titles(file)) {
      const named = title.split(/[^\w]/).filter((word) => ID.test(word));
      for (const id of named) assert.not.ok(control.includes(id), `${id}: ${file}: ${title}`);
    }
  }
});

test('the pin table has every pin of the board, and no other', () => {
  const { gps, sounder, lamps, thermistor, inputs, debounceMs } = board;
  const all = [gps.rx, gps.tx, sounder, ...lamps, thermistor, ...inputs];
  const table = rows('## Wiring').filter(([pin]) => /^`D\d+`$/.test(pin as string));
  const cells = new Map(table.map(([pin, ...rest]) => [pin?.replaceAll('`', ''), rest]));
  assert.equal(sorted(table.map(([pin]) => pin as string)), sorted(all.map((pin) => `\`${pin}\``)));
  for (const row of table) assert.ok(row.length === 5 && row.every((cell) => cell !== ''), row[0]);
  const signal = (pin: string): string => cells.get(pin)?.[0] as string;
  assert.equal([gps.rx, gps.tx, sounder, thermistor].map(signal), [
    'GPS',
    'GPS',
    'sounder',
    'temperature at the AED',
  ]);
  assert.equal(lamps.map(signal), ['red lamp', 'amber lamp', 'green lamp']);
  assert.equal(inputs.map(signal), [
    'Accept button',
    'Decline button',
    'AED bracket',
    "light of the AED's own lamp",
  ]);
  const directions = (pins: readonly string[]): unknown => pins.map((pin) => cells.get(pin)?.[1]);
  assert.equal(directions([gps.tx, sounder, ...lamps]), Array(5).fill('out'));
  assert.equal(directions([gps.rx, ...inputs]), Array(5).fill('in'));
  assert.ok(cells.get(gps.rx)?.[2]?.includes(`${gps.baud} baud`));
  inputs.forEach((pin, i) => {
    assert.ok(cells.get(pin)?.[2]?.endsWith(`counts after ${debounceMs[i]} ms`), pin);
  });
});

test('the wiring has the same pins, and those of the display', () => {
  const { gps, sounder, lamps, thermistor, inputs } = board;
  const drawn = [...wiring.matchAll(/>(D\d+)</g)].map((match) => match[1] as string);
  const all = [gps.rx, gps.tx, sounder, ...lamps, thermistor, ...inputs, 'D21', 'D22'];
  assert.equal(sorted(drawn), sorted(all));
  assert.ok(wiring.includes(`${gps.baud} baud`));
});

test('every tone stands in its table, and no other', () => {
  const codes = Object.keys(Pattern).filter((name) => name !== 'none');
  assert.equal(sorted(names('### Tones')), sorted(codes));
});

test('the card draws every tone as it sounds: a bar for each, as high and as long', () => {
  const bars = [...card.matchAll(/class="tone"[^>]* d="([^"]+)"/g)].map((match) => match[1]);
  /** 0.06 units a millisecond, 0.02 a hertz. */
  const drawing = (steps: string): string => {
    let path = '';
    let at = 0;
    for (let i = 0; i < steps.length; i += 2) {
      const hz = 40 * (steps.charCodeAt(i) - 64);
      const end = at + 3 * (steps.charCodeAt(i + 1) - 48);
      if (hz > 0) path += `M${at} 0V-${Number((hz * 0.02).toFixed(1))}H${end}V0Z`;
      at = end;
    }
    return path;
  };
  const { sent, taken, refused, step, suggested, linkLost, aedFault, cancel } = Pattern;
  const whole = [sent, taken, refused, step, suggested, linkLost, aedFault, cancel].map(stepsOf);
  // Of the dispatch one burst of two, of the reminder the tick, of the chirp two of fifty.
  const burst = DISPATCH_STEPS.slice(0, 18);
  assert.is(DISPATCH_STEPS.slice(20, 38), burst);
  const parts = [burst, stepsOf(Pattern.tick).slice(-2), stepsOf(Pattern.locate).repeat(2)];
  assert.is(whole.length + parts.length, Object.keys(Pattern).length - 1);
  const expected = [...whole, ...parts].map(drawing);
  assert.equal(sorted(bars as string[]), sorted(expected));
});

test('every answer stands in the steps of a job, and no other', () => {
  assert.equal(sorted(names('### Steps of a job')), sorted(Object.keys(Answer)));
});

test('each hold of Accept is the next step, on the card too', () => {
  const steps: [number, string][] = [
    [Answer.accept, 'we go'],
    [Answer.enRoute, 'on the way'],
    [Answer.onScene, 'on scene'],
    [Answer.aedTaken, 'AED taken'],
    [Answer.aedUsed, 'pads on'],
    [Answer.handedOver, 'handed over'],
    [Answer.clear, 'clear'],
  ];
  for (let i = 1; i < steps.length; i++) {
    assert.is(menuOf(steps[i - 1]?.[0] as number)[0], steps[i]?.[0]);
  }
  const boxes = /<!-- Steps -->([\s\S]*)/.exec(card)?.[1] as string;
  assert.equal(
    [...boxes.matchAll(/class="mid"[^>]*>([^<]+)</g)].map((match) => match[1]),
    steps.map(([, name]) => name),
  );
  // "Touch Accept twice, then hold": already on scene; and what goes round without a job.
  assert.is(menuOf(Answer.accept)[2], Answer.alreadyOnScene);
  const { available, unavailable, committedElsewhere } = CrewStatus;
  assert.equal(menuOf(Stage.idle), [available, unavailable, committedElsewhere]);
  assert.is(optionAfter(Stage.idle, committedElsewhere), available);
  const { otherEmergency, aedNotReady, tooFar, other } = DeclineReason;
  assert.equal(menuOf(Stage.declined), [otherEmergency, aedNotReady, tooFar, other]);
});

test('times and speeds are those of the code', () => {
  const config = defaultConfig();
  assert.equal(
    [HOLD_MS, BOTH_MS, REASON_MS, WELFARE_MS, LINK_LOST_MS, AED_FAULT_PERIOD_MS],
    [1000, 5000, 5000, 600000, 60000, 600000],
  );
  assert.equal([HAND_VALID_MS, CHECK_VALID_MS], [43200000, 86400000]);
  assert.equal(
    [config.louderAfterS, config.unansweredAfterS, config.awayAfterS, config.lockSpeedKmH],
    [20, 40, 60, LOCK_SPEED_KMH],
  );
  const page = section('## In the vehicle').replaceAll(/\s+/g, ' ');
  for (const words of [
    'press it for 1 s',
    'hold both for 5 s',
    'within 5 s touch Decline',
    'within 10 min',
    'once, after 60 s without a link',
    'every 10 min',
    'out of its bracket once, after 60 s',
    'After 20 s as loud',
    'After 40 s the control room is told',
    `Faster than ${LOCK_SPEED_KMH} km/h`,
    'counts for 24 h',
    'being there for 12 h',
  ]) {
    assert.ok(page.includes(words), words);
  }
  assert.ok(card.includes(`Over ${LOCK_SPEED_KMH} km/h`));
});

test('every folder of the firmware stands in the map, and no other', () => {
  const folders = readdirSync(firmware, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'dist')
    .map((entry) => entry.name);
  const map = rows('## What is where').flatMap(
    ([first]) => /^\[`(\w+)\/`\]/.exec(first as string)?.[1] ?? [],
  );
  assert.equal(sorted(map), sorted(folders));
});

test('every link leads somewhere, and every picture is shown', () => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] as string);
  const anchors = (file: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] as string)
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
  for (const link of links) {
    const [path, anchor] = link.split('#') as [string, string | undefined];
    const file = path === '' ? join(firmware, 'README.md') : join(firmware, path);
    assert.ok(existsSync(file), link);
    if (anchor !== undefined) assert.ok(anchors(file).includes(anchor), link);
  }
  const shown = links.filter((link) => link.endsWith('.svg')).map((link) => link.split('/')[1]);
  assert.equal(sorted(shown as string[]), sorted(pictures));
});

test('the pictures are well-formed, have a title, and take nothing from elsewhere', () => {
  for (const picture of pictures) {
    const svg = readFileSync(join(firmware, 'pictures', picture), 'utf8');
    const open: string[] = [];
    for (const [, end, name, rest] of svg.matchAll(/<(\/?)([a-z]\w*)((?:"[^"]*"|[^">])*)>/gi)) {
      if (end === '/') assert.is(open.pop(), name, picture);
      else if (!rest?.endsWith('/')) open.push(name as string);
    }
    assert.equal(open, [], picture);
    assert.match(svg, /<title id="title">[^<]+<\/title>/);
    assert.equal(svg.match(/https?:[^"]*/g), ['http://www.w3.org/2000/svg'], picture);
    assert.not.match(svg, /<script|<image|href="[^#]|&(?!amp;|lt;|gt;)/, picture);
  }
  // A5, lying.
  assert.match(card, /width="210mm" height="148mm" viewBox="0 0 840 592"/);
});

test.run();
