/** The unit's reader says what a plain one says, whatever comes and however the chunks fall. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_SENTENCE_CHARS,
  closeEpoch,
  createReceiver,
  feedReceiver,
  type GpsFix,
} from '../../../firmware/position/receiver.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { checksum } from '../../support/nmea-sentences.js';
import {
  closePlainEpoch,
  createPlainReceiver,
  feedPlainReceiver,
} from '../../support/plain-receiver.js';

const seed = Number(process.env['FC_SEED'] ?? 20240323);

/** Mostly the usual text, now and then one of the others. */
const mostly = (usual: string, ...others: string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const DECIMALS = [
  ...[
    '',
    '0',
    '0.',
    '0.0',
    '000.0',
    '1',
    '08',
    '8',
    '07',
    '010',
    '.5',
    '12.',
    '.',
    '0.95',
    '99.99',
  ],
  ...[
    '655.34',
    '655.35',
    '9999',
    '1273.8',
    '1273.9',
    '359.99',
    '360.0',
    '360.01',
    '10000',
    '10000.1',
  ],
  ...['-1', '-12.3', '-0.0', '-', '-.5', '+1', ' 1', '1 ', '1E1', '0x1', '1.2.3', 'x', '1_0'],
  ...['4294967297', '99999999999', '000000000000001', '12.3456789', '123456789012345678901'],
  ...['0'.repeat(40), '1'.repeat(40)],
];
const decimal = (usual: string) => mostly(usual, ...DECIMALS);
const time = mostly(
  '123519.00',
  ...[
    '',
    '123519',
    '123519.5',
    '123520',
    '235960',
    '235960.9',
    '235961',
    '240000',
    '236000',
    '000000',
  ],
  ...[
    '12351',
    '1235190',
    '12351.9',
    '123519.',
    '123519.1234',
    '1235x9',
    '12 519',
    '-23519',
    '123460.5',
  ],
);
const place = fc
  .tuple(
    mostly(
      '5130.1234',
      ...[
        '5130.12345678',
        '0000.0',
        '9000.0',
        '9000.00001',
        '8959.99999999',
        '5160.0',
        '5159.9999999',
      ],
      ...[
        '513.0',
        '51300.0',
        '5130',
        '5130.',
        '5130.12.',
        '',
        'x',
        '-130.1',
        ' 130.1',
        '0100.000003',
      ],
    ),
    mostly('N', 'S', '', 'E', 'NN'),
    mostly(
      '00007.4321',
      ...[
        '18000.0',
        '18000.0001',
        '17959.99999999',
        '0007.4',
        '000070.4',
        '00060.0',
        '',
        '00007',
        '0x007.1',
      ],
    ),
    mostly('W', 'E', '', 'N'),
  )
  .map((fields) => fields.join(','));
const talker = mostly('GP', 'GN', 'P', 'PG', 'GL', '', 'XYZ');
const date = mostly(
  '230324',
  ...['', '290223', '290224', '000124', '320124', '010180', '311279', '011324', '2303', '2303244'],
  ...['23.324', ' 30324', '-30324', '2x0324', '30324.'],
);
const rmcBody = fc.tuple(
  talker.map((letters) => letters + 'RMC'),
  time,
  mostly('A', 'V', '', 'a', 'AA'),
  place,
  decimal('22.4'),
  decimal('84.4'),
  date,
  mostly('', '004.2', '$', '*11'),
  mostly('', 'W'),
  mostly('A', 'D', 'E', 'N', 'R', 'F', 'S', 'M', 'V', 'P', '', 'AA'),
);
const ggaBody = fc.tuple(
  talker.map((letters) => letters + 'GGA'),
  time,
  place,
  mostly('1', '0', '2', '3', '4', '5', '6', '7', '8', '9', '', '01', 'x'),
  decimal('08'),
  decimal('0.9'),
  decimal('45.4'),
  fc.constant('M,47.0,M,,'),
);
const body = fc
  .tuple(
    fc.oneof(rmcBody, ggaBody),
    mostly('', ',V', ',' + 'x'.repeat(40)),
    fc.integer({ min: -100, max: 12 }),
  )
  .map(([fields, more, cut]) => {
    const text = fields.join(',') + more;
    return cut < 0 ? text : text.split(',').slice(0, cut).join(',');
  });
const sentenceText = fc
  .tuple(
    body,
    mostly('*', ',', ''),
    mostly('right', '00', '5G', ' 5', '0', ''),
    mostly('\r\n', '\n', '\r', '\n\r', '\r\n\0', '\rx\n', ''),
  )
  .map(
    ([text, star, sum, end]) => '$' + text + star + (sum === 'right' ? checksum(text) : sum) + end,
  );
const piece = fc.oneof(
  { weight: 8, arbitrary: sentenceText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '$GPGSV,1,1,00*79\r\n',
        '$GPGSV',
        '\r\n',
        'noise',
        '$',
        '$G',
        '$GPGL',
        '$GPRMB,x*22\r\n',
        '$GPGGA\r\n',
      ],
    ),
  },
);

/** Chunks of these lengths, again and again. */
function chunksOf(text: string, lengths: readonly number[]): string[] {
  const chunks: string[] = [];
  for (let at = 0; at < text.length; at += (chunks.at(-1) as string).length) {
    const length = lengths[chunks.length % lengths.length] as number;
    chunks.push(text.slice(at, at + length));
  }
  return chunks;
}

function received(chunks: readonly string[]) {
  const epochs: (GpsFix | null)[] = [];
  const receiver = createReceiver(hostBytes, (fix) => epochs.push(fix));
  for (const chunk of chunks) {
    feedReceiver(receiver, chunk);
    assert.ok(receiver.tail.length <= MAX_SENTENCE_CHARS + 2, 'the tail is bounded');
  }
  closeEpoch(receiver);
  const { used, skipped, badChecksums, badSentences, fixes } = receiver;
  return { epochs, counts: { used, badChecksums, badSentences, fixes }, skipped };
}

function plainlyReceived(text: string) {
  const epochs: (GpsFix | null)[] = [];
  const receiver = createPlainReceiver(hostBytes, (fix) => epochs.push(fix));
  feedPlainReceiver(receiver, text);
  closePlainEpoch(receiver);
  const { sentences, skipped, badChecksums, badSentences, fixes } = receiver;
  const used = sentences - skipped - badChecksums - badSentences;
  return { epochs, counts: { used, badChecksums, badSentences, fixes } };
}

test('agrees with a plain reader', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 128 }), { minLength: 1, maxLength: 6 });
  const property = fc.property(fc.array(piece, { maxLength: 8 }), lengths, (pieces, cuts) => {
    const text = pieces.join('');
    const plain = plainlyReceived(text);
    const whole = received([text]);
    assert.equal({ epochs: whole.epochs, counts: whole.counts }, plain, text);
    assert.equal(received(chunksOf(text, cuts)), whole, text);
  });
  fc.assert(property, { seed, numRuns: 4000 });
});

test.run();
