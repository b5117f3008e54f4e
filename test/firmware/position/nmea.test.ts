/** One sentence: its numbers, and all that must be refused. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_SENTENCE_CHARS } from '../../../firmware/position/receiver.js';
import { Fix } from '../../../protocol/codes.js';
import {
  Verdict,
  checksum,
  ggaBody,
  readSentence,
  rmcBody,
  sentence,
  type Parts,
} from '../../support/nmea-sentences.js';

const seed = Number(process.env['FC_SEED'] ?? 20240323);

function read(body: string) {
  return readSentence(sentence(body).slice(1));
}

function readRmc(parts: Parts = {}) {
  return read(rmcBody(parts));
}

function readGga(parts: Parts = {}) {
  return read(ggaBody(parts));
}

test('reads an RMC', () => {
  const { verdict, reading, kind } = readRmc({ mode: 'D' });
  assert.is(verdict, Verdict.rmc);
  assert.is(kind, Fix.differential);
  assert.is(reading.todMs, ((12 * 60 + 35) * 60 + 19) * 1000);
  assert.is(reading.dayMs, Date.UTC(2024, 2, 23));
  assert.is(reading.latitudeE7, 515020567);
  assert.is(reading.longitudeE7, -1238683);
  assert.is(reading.speedCmPerS, 1152);
  assert.is(reading.courseCentiDeg, 8440);
});

test('reads a GGA', () => {
  const { verdict, reading, kind } = readGga();
  assert.is(verdict, Verdict.gga);
  assert.is(kind, Fix.gps);
  assert.is(reading.todMs, ((12 * 60 + 35) * 60 + 19) * 1000);
  assert.is(reading.latitudeE7, 515020567);
  assert.is(reading.longitudeE7, -1238683);
  assert.is(reading.altitudeDm, 454);
  assert.is(reading.satellites, 8);
  assert.is(reading.hdopCenti, 90);
});

test('takes any talker, and no sentence of a maker', () => {
  for (const talker of ['GP', 'GN', 'GL', 'GA', 'GB', 'BD', 'QZ', 'II']) {
    assert.is(readRmc({ talker }).verdict, Verdict.rmc);
    assert.is(readGga({ talker }).verdict, Verdict.gga);
  }
  assert.is(read('PGRMC,A,218.8,100,6378137.000,298.257223563').verdict, Verdict.skipped);
  for (const tag of ['GPGSV', 'GPRMB', 'GPGLL', 'GPRMCX', 'RMC', 'GPRMC', '']) {
    assert.is(read(`${tag}`).verdict, Verdict.skipped, tag);
  }
});

test('says what kind of fix it is', () => {
  const modes: [string, number][] = [
    ['A', Fix.gps],
    ['', Fix.gps],
    ['P', Fix.gps],
    ['D', Fix.differential],
    ['R', Fix.differential],
    ['F', Fix.differential],
    ['E', Fix.estimated],
    ['N', Fix.none],
    ['V', Fix.none],
    ['M', Fix.none],
    ['S', Fix.none],
  ];
  for (const [mode, kind] of modes) assert.is(readRmc({ mode }).kind, kind, mode);
  const old = read(rmcBody().split(',').slice(0, 12).join(','));
  assert.is(old.verdict, Verdict.rmc, 'before NMEA 2.3 there is no mode');
  assert.is(old.kind, Fix.gps);
  const qualities = [0, 1, 2, 1, 2, 2, 3, 0, 0, 2];
  qualities.forEach((kind, quality) => {
    const { verdict, kind: found } = readGga({ quality: String(quality) });
    assert.is(verdict, Verdict.gga);
    assert.is(found, kind, String(quality));
  });
  assert.is(readGga({ quality: '' }).kind, Fix.none);
  assert.is(readRmc({ status: 'V', mode: 'A' }).kind, Fix.none);
  assert.is(readRmc({ status: '' }).kind, Fix.none);
});

test('without a fix it reads the time only', () => {
  const empty = { latitude: '', northSouth: '', longitude: '', eastWest: '', time: '' };
  const { verdict, reading } = readRmc({ ...empty, status: 'V', knots: '?', date: '050180' });
  assert.is(verdict, Verdict.rmc);
  assert.is(reading.todMs, null);
  assert.is(reading.dayMs, null, 'receivers send any date before they know it');
  assert.is(readGga({ ...empty, quality: '0', satellites: '' }).verdict, Verdict.gga);
  assert.is(readGga({ latitude: '8960.000000', quality: '0' }).verdict, Verdict.gga);
});

test('what a receiver does not say is null', () => {
  const { reading: a } = readRmc({ knots: '', course: '', date: '' });
  assert.equal([a.speedCmPerS, a.courseCentiDeg, a.dayMs], [null, null, null]);
  const { reading: b } = readGga({ satellites: '', hdop: '', altitude: '' });
  assert.equal([b.satellites, b.hdopCenti, b.altitudeDm], [null, null, null]);
  assert.is(readGga({ hdop: '655.34' }).reading.hdopCenti, 65534);
  assert.is(readGga({ hdop: '655.35' }).reading.hdopCenti, null, 'more than can be reported');
  assert.is(readGga({ hdop: '9999.99' }).reading.hdopCenti, null);
});

test('heights may be below the sea', () => {
  const heights: [string, number][] = [
    ['-12.34', -123],
    ['-0.0', 0],
    ['0.05', 1],
    ['10000', 100000],
    ['-10000.0', -100000],
  ];
  for (const [altitude, altitudeDm] of heights) {
    assert.is(readGga({ altitude }).reading.altitudeDm, altitudeDm, altitude);
  }
});

test('refuses what is no number, or none that there is', () => {
  const garbage = ['x', '1x', '12abc', '1 ', ' 1', '+1', '1e1', '0x1', '1.2.3', '.', '1_0', '\xb9'];
  for (const bad of [...garbage, '-1', '--1', '-', '1\x007']) {
    for (const name of ['time', 'latitude', 'longitude', 'knots', 'course', 'date'] as const) {
      const verdict = readRmc({ [name]: bad }).verdict;
      assert.is(verdict, Verdict.badSentence, `${name} ${bad}`);
    }
    for (const name of ['time', 'quality', 'satellites', 'hdop', 'altitude'] as const) {
      if (name === 'altitude' && bad === '-1') continue;
      const verdict = readGga({ [name]: bad }).verdict;
      assert.is(verdict, Verdict.badSentence, `${name} ${bad}`);
    }
  }
  const limits: [keyof Parts, string, string][] = [
    ['knots', '1273.8', '1273.9'],
    ['course', '360.00', '360.01'],
    ['status', 'A', 'a'],
  ];
  for (const [name, good, bad] of limits) {
    assert.is(readRmc({ [name]: good }).verdict, Verdict.rmc, good);
    assert.is(readRmc({ [name]: bad }).verdict, Verdict.badSentence, bad);
  }
  assert.is(readGga({ satellites: '254' }).verdict, Verdict.gga);
  assert.is(readGga({ satellites: '255' }).verdict, Verdict.badSentence);
  assert.is(readGga({ altitude: '10000.1' }).verdict, Verdict.badSentence);
  assert.is(read('GPRMC,123519,A,5130.1,N,00007.4,W,1,2').verdict, Verdict.badSentence, 'too few');
  assert.is(read('GPRMC,123519,A,5130.1,N,00007.4,W,1,2,230324').verdict, Verdict.rmc);
});

test('reads angles of the whole globe', () => {
  const latitudes: [string, string, number | null][] = [
    ['0000.0000', 'S', 0],
    ['9000.00000', 'N', 900000000],
    ['9000.00001', 'N', null],
    ['8959.99999999', 'S', -900000000],
    ['8960.0', 'N', null],
    ['4530', 'S', -455000000],
    ['4530.', 'S', -455000000],
    ['4807.038247123456', 'N', 481173041],
    ['0000.000003', 'N', 1],
    ['0000.00000299', 'N', 0],
    ['480.7038', 'N', null],
    ['48070.38', 'N', null],
    ['48.07038', 'N', null],
    ['', 'N', null],
    ['4807.038', '', null],
    ['4807.038', 'E', null],
  ];
  for (const [latitude, northSouth, expected] of latitudes) {
    const { verdict, reading } = readRmc({ latitude, northSouth });
    const found = verdict === Verdict.rmc ? reading.latitudeE7 : null;
    assert.is(found, expected, latitude + northSouth);
  }
  const longitudes: [string, string, number | null][] = [
    ['18000.0000', 'W', -1800000000],
    ['18000.0001', 'E', null],
    ['00000.0000', 'W', 0],
    ['07531.20566', 'E', 755200943],
    ['0731.20566', 'E', null],
    ['07531.20566', 'N', null],
  ];
  for (const [longitude, eastWest, expected] of longitudes) {
    const { verdict, reading } = readGga({ longitude, eastWest });
    const found = verdict === Verdict.gga ? reading.longitudeE7 : null;
    assert.is(found, expected, longitude + eastWest);
  }
  const nowhere = { latitude: '', northSouth: '', longitude: '', eastWest: '' };
  assert.is(readRmc(nowhere).verdict, Verdict.badSentence);
});

test('angles are rounded to the nearest 1e-7 degree', () => {
  const degrees = fc.integer({ min: 0, max: 179 });
  const minutesE8 = fc.bigInt({ min: 0n, max: 5999999999n });
  const property = fc.property(degrees, minutesE8, fc.nat(8), (whole, minutes, decimals) => {
    const unit = 10n ** BigInt(8 - decimals);
    const cut = (minutes / unit) * unit;
    const digits = cut.toString().padStart(10, '0');
    const fraction = decimals === 0 ? '' : '.' + digits.slice(2, 2 + decimals);
    const longitude = String(whole).padStart(3, '0') + digits.slice(0, 2) + fraction;
    const expected = BigInt(whole) * 10000000n + (cut + 300n) / 600n;
    assert.is(readRmc({ longitude, eastWest: 'E' }).reading.longitudeE7, Number(expected));
  });
  fc.assert(property, { seed, numRuns: 2000 });
});

test('reads times of day', () => {
  const times: [string, number | null][] = [
    ['000000', 0],
    ['235959.999', 86399999],
    ['235960', 86400000],
    ['235961', null],
    ['240000', null],
    ['236000.00', null],
    ['081433.591', 29673591],
    ['081433.5914', 29673591],
    ['12351', null],
    ['1235190', null],
    ['12351.9', null],
  ];
  for (const [time, todMs] of times) {
    const { verdict, reading } = readGga({ time });
    assert.is(verdict === Verdict.gga ? reading.todMs : null, todMs, time);
  }
});

test('reads every day from 1980 to 2079, and no other', () => {
  for (let day = Date.UTC(1980, 0, 1); day < Date.UTC(2080, 0, 1); day += 86400000) {
    const iso = new Date(day).toISOString();
    const date = iso.slice(8, 10) + iso.slice(5, 7) + iso.slice(2, 4);
    assert.is(readRmc({ date }).reading.dayMs, day, date);
  }
  for (const date of [
    '000124',
    '320124',
    '290223',
    '300224',
    '310424',
    '010024',
    '011324',
    '1124',
  ]) {
    assert.is(readRmc({ date }).verdict, Verdict.badSentence, date);
  }
});

test('wants the checksum', () => {
  const verdictOf = (text: string) => readSentence(text).verdict;
  for (let extra = 0; extra < 16; extra++) {
    const body = rmcBody() + ','.repeat(extra);
    const sum = checksum(body);
    assert.is(verdictOf(`${body}*${sum}\n`), Verdict.rmc);
    assert.is(verdictOf(`${body}*${sum.toLowerCase()}\rnoise\n`), Verdict.rmc);
    for (const end of ['', sum, `*`, `*${sum[0]}`, `*${sum}0`, `*${sum} `, `,${sum}`, `*0${sum}`]) {
      assert.is(verdictOf(`${body}${end}\r\n`), Verdict.badChecksum, end);
    }
  }
  // 'G' is no hexadecimal digit, though a lenient parser takes '5G' for 5.
  const high = parseInt(checksum(rmcBody() + ','), 16) & 0xf0;
  const body = `${rmcBody()},${String.fromCharCode(high | 1)}`;
  const [zero, digit] = checksum(body);
  assert.is(zero, '0');
  assert.is(verdictOf(`${body}*0${digit}\r\n`), Verdict.rmc);
  assert.is(verdictOf(`${body}*${digit}G\r\n`), Verdict.badChecksum);
});

test('takes a sentence up to the limit', () => {
  for (const length of [MAX_SENTENCE_CHARS - 1, MAX_SENTENCE_CHARS, MAX_SENTENCE_CHARS + 1]) {
    const expected = length <= MAX_SENTENCE_CHARS ? Verdict.rmc : Verdict.badSentence;
    const body = rmcBody().padEnd(length - '*00'.length, ',');
    assert.is(read(body).verdict, expected, String(length));
  }
});

test.run();
