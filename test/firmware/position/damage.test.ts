/** The line as it comes: cut anywhere, with noise between and damage within the sentences. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_SENTENCE_CHARS,
  closeEpoch,
  createReceiver,
  feedReceiver,
  type GpsFix,
  type Receiver,
} from '../../../firmware/position/receiver.js';
import { hostBytes } from '../../../protocol/bytes.js';
import {
  Verdict,
  countsOf,
  gga,
  ggaBody,
  readSentence,
  rmc,
  rmcBody,
  sentence,
} from '../../support/nmea-sentences.js';

const seed = Number(process.env['FC_SEED'] ?? 20240323);

interface Outcome {
  readonly epochs: (GpsFix | null)[];
  readonly receiver: Receiver;
  readonly counts: number[];
}

function receive(chunks: readonly string[]): Outcome {
  const epochs: (GpsFix | null)[] = [];
  const receiver = createReceiver(hostBytes, (fix) => epochs.push(fix));
  for (const chunk of chunks) {
    feedReceiver(receiver, chunk);
    assert.ok(receiver.tail.length <= MAX_SENTENCE_CHARS + 2, 'the tail is bounded');
  }
  closeEpoch(receiver);
  return { epochs, receiver, counts: Object.values(countsOf(receiver)) };
}

/** Pieces of the text, cut at the given places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)), text.length];
  sorted.sort((a, b) => a - b);
  return sorted.slice(1).map((place, i) => text.slice(sorted[i], place));
}

/** Seconds of a drive: RMC, GGA and another sentence each. */
function drive(seconds: number): string[] {
  const sentences: string[] = [];
  for (let second = 0; second < seconds; second++) {
    const time = `1235${String(second).padStart(2, '0')}.00`;
    const latitude = `5130.${1000 + second * 7}`;
    sentences.push(rmc({ time, latitude }), sentence('GPGSV,1,1,00'), gga({ time, latitude }));
  }
  return sentences;
}

const byteString = (maxLength: number) =>
  fc
    .array(
      fc.oneof(fc.nat(255), fc.constantFrom(...[...'$\r\n*,#\0GPRMC'].map((c) => c.charCodeAt(0)))),
      {
        maxLength,
      },
    )
    .map((bytes) => String.fromCharCode(...bytes));

test('however the stream is cut, fixes and counts are the same', () => {
  const overlong = '$GPRMC,' + 'x'.repeat(MAX_SENTENCE_CHARS) + '\r\n';
  const pieces = [...drive(6), overlong, '# comment\n', '\xb5b\0$\xff', '$GPGGA,12', ...drive(2)];
  const whole = pieces.join('') + rmc({ time: '130000', status: 'V' });
  const expected = receive([whole]);
  assert.equal(receive([...whole]).epochs, expected.epochs, 'byte by byte');
  const property = fc.property(
    byteString(300),
    fc.array(fc.nat(), { maxLength: 60 }),
    (noise, places) => {
      const text = noise + whole + noise;
      const uncut = receive([text]);
      const cut = receive(cutAt(text, places));
      assert.equal(cut.epochs, uncut.epochs);
      assert.equal(cut.counts, uncut.counts);
    },
  );
  fc.assert(property, { seed, numRuns: 300 });
});

test('noise between the sentences loses none', () => {
  const clean = receive(drive(8));
  assert.is(clean.epochs.length, 8);
  const property = fc.property(
    fc.array(byteString(150), { minLength: 24, maxLength: 24 }),
    (noises) => {
      const noisy = receive(drive(8).flatMap((text, i) => [noises[i] as string, text]));
      assert.equal(noisy.epochs, clean.epochs);
      assert.is(noisy.receiver.used, 16);
    },
  );
  fc.assert(property, { seed, numRuns: 300 });
});

test('knows every line end', () => {
  const clean = receive(drive(5));
  for (const end of ['\n', '\r', '\n\r', '\r\r\n', '\r\n\0\0', '\rnoise\n']) {
    const other = receive(drive(5).map((text) => text.trim() + end));
    assert.equal(other.epochs, clean.epochs, JSON.stringify(end));
    assert.equal(other.counts, clean.counts, JSON.stringify(end));
    const bytes = receive([
      ...drive(5)
        .map((text) => text.trim() + end)
        .join(''),
    ]);
    assert.equal(bytes.counts, clean.counts, JSON.stringify(end));
  }
});

test('a $ within a line starts afresh', () => {
  const [a, b] = [rmc(), gga()];
  assert.equal(receive([a + b]).counts, [2, 0, 0, 0, 1]);
  assert.equal(receive([a.slice(0, 20) + a + '# $ # ' + b]).counts, [4, 2, 0, 0, 1]);
  assert.equal(receive(['$$$' + a + '$\r\n$G\n$GP$' + b]).counts, [9, 7, 0, 0, 1]);
  assert.equal(receive(['$PGRMC,A\r\n', '$\rXRMC,1\n', '$G\rRMC,1\n']).counts, [3, 3, 0, 0, 0]);
  assert.equal(receive([a.slice(1), 'GPRMC,\r\n']).counts, [0, 0, 0, 0, 0], 'no $, no sentence');
});

test('a sentence may be as long as the limit, and a longer one costs no memory', () => {
  for (const length of [MAX_SENTENCE_CHARS - 1, MAX_SENTENCE_CHARS, MAX_SENTENCE_CHARS + 1]) {
    const text = sentence(rmcBody().padEnd(length - '*00'.length, ','));
    const isLong = length > MAX_SENTENCE_CHARS;
    assert.equal(receive([text]).counts, [1, 0, 0, isLong ? 1 : 0, isLong ? 0 : 1]);
    assert.equal(receive([...text]).counts, [1, 0, 0, isLong ? 1 : 0, isLong ? 0 : 1]);
  }
  const endless = ['$GPGGA,', ...Array.from({ length: 1000 }, () => '1'.repeat(64))];
  assert.equal(receive(endless).counts, [0, 0, 0, 0, 0], 'its line has not ended');
  assert.equal(receive([...endless, '\r\n', rmc()]).counts, [2, 0, 0, 1, 1]);
  assert.equal(receive(['$GPGSV,' + '1'.repeat(200) + '\n']).counts, [1, 1, 0, 0, 0]);
});

test('an altered byte is refused', () => {
  for (const body of [rmcBody(), ggaBody()]) {
    const good = sentence(body);
    const before = rmc({ time: '123518' });
    const after = rmc({ time: '123520' });
    for (let at = 0; at < good.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        const altered = good.slice(0, at) + String.fromCharCode(byte) + good.slice(at + 1);
        const { epochs, receiver } = receive([before + altered + after]);
        const isHarmless = altered.toUpperCase() === good || at >= good.length - 2;
        // The last byte ends the line, the one before it is not needed then.
        if (isHarmless) continue;
        assert.is(epochs.length, 2, altered);
        assert.is(receiver.fixes, 2, 'its neighbours are not harmed');
      }
    }
  }
});

test('an altered byte under a right checksum is refused, or the content is another valid one', () => {
  for (const body of [rmcBody(), ggaBody()]) {
    for (let at = 0; at < body.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        const altered = body.slice(0, at) + String.fromCharCode(byte) + body.slice(at + 1);
        const { verdict, reading } = readSentence(sentence(altered).slice(1));
        if (verdict !== Verdict.rmc && verdict !== Verdict.gga) continue;
        const { todMs, latitudeE7, longitudeE7, speedCmPerS, courseCentiDeg } = reading;
        const { altitudeDm, satellites, hdopCenti, dayMs } = reading;
        const numbers = [todMs, latitudeE7, longitudeE7, speedCmPerS, courseCentiDeg, altitudeDm];
        for (const value of [...numbers, satellites, hdopCenti, dayMs]) {
          assert.ok(value === null || Number.isSafeInteger(value), altered);
        }
        assert.ok(Math.abs(latitudeE7) <= 900000000 && Math.abs(longitudeE7) <= 1800000000);
        assert.ok(todMs === null || (todMs >= 0 && todMs <= 86401000));
      }
    }
  }
});

/** Runs with the device's parsers: 010 is octal, a long text throws, a great exponent hangs. */
function onDevice<T>(run: () => T): T {
  const host = { Number: globalThis.Number, parseFloat: globalThis.parseFloat };
  const parse = (text: string) => {
    if (text.length >= 64) throw new Error('String too big to convert to number');
    if (/[eE]\d\d/.test(text)) throw new Error('Counts down a great exponent');
    return /^0[0-7]*(?![0-9.])/.test(text) ? parseInt(text, 8) : host.parseFloat(text);
  };
  const toNumber = (text: string) => (isNaN(host.Number(text)) ? 0 / 0 : parse(text));
  Object.assign(globalThis, { parseFloat: parse, Number: toNumber });
  try {
    return run();
  } finally {
    Object.assign(globalThis, host);
  }
}

test('leading zeros, endless digits, exponents', () => {
  const zeros = { knots: '010', course: '057', latitude: '0010.01', longitude: '00010.' };
  const fields = { satellites: '010', hdop: '01.0', altitude: '-077' };
  const text = rmc(zeros) + gga({ ...zeros, ...fields }) + rmc({ time: '010203' });
  const { epochs } = receive([text]);
  assert.equal(
    onDevice(() => receive([text]).epochs),
    epochs,
  );
  assert.equal([epochs[0]?.courseCentiDeg, epochs[0]?.satellites], [5700, 10]);
  for (const digits of ['0'.repeat(61), '.'.padEnd(61, '1'), '1e99999999', '123519E999999999']) {
    for (const name of ['time', 'knots', 'course', 'date'] as const) {
      const bad = rmc({ [name]: digits, latitude: '5130', longitude: '00007' });
      const counts = onDevice(() => receive([bad, rmc()]).counts);
      assert.equal(counts, [2, 0, 0, 1, 1], name);
    }
  }
});

test('a bad sentence leaves the state as it was', () => {
  const bad = [
    rmc({ latitude: '9100.0000' }),
    rmc({ date: '320124' }),
    rmc({ time: '250000' }),
    gga({ altitude: 'high' }),
    gga({ longitude: '' }),
    rmc().replace('5130', '5131'),
  ];
  const { epochs, counts } = receive([rmc(), ...bad, gga({ latitude: '5130.2' })]);
  const clean = receive([rmc(), gga({ latitude: '5130.2' })]);
  assert.equal(epochs, clean.epochs);
  assert.equal(counts, [8, 0, 1, 5, 1]);
});

test.run();
