/** What a report says of the time of what it tells. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newsReport } from '../../firmware/reports.js';
import { createUnitClock, learnTime } from '../../firmware/time/unit-clock.js';
import { hostBytes } from '../../protocol/bytes.js';
import { ClockQuality, Step } from '../../protocol/codes.js';
import { RECEIPT_TYPE } from '../../protocol/generated/receipt.js';
import { decodeMessage } from '../../protocol/host/messages.js';

const UTC = 1700000000000;

function receiptOf(clock: number) {
  const unitClock = createUnitClock();
  learnTime(unitClock, UTC, ClockQuality.network, 5000);
  const news = { dispatchId: 7, code: Step.sounding, reason: 0, elapsedMs: 3, atMs: 4000, clock };
  const body = newsReport(hostBytes, unitClock, { type: RECEIPT_TYPE, ...news });
  const decoded = decodeMessage(body);
  if (typeof decoded === 'number') throw new Error(`refused with ${decoded}`);
  return decoded.message;
}

test('CR-078, CR-096: what was judged without a clock stays marked when the time is learnt', () => {
  const { at, clock } = receiptOf(ClockQuality.unknown);
  assert.equal([at, clock], [null, ClockQuality.unknown]);
});

test('CR-078: the time of an event is that of the event, not of the report', () => {
  const { at, clock } = receiptOf(ClockQuality.gps);
  assert.equal([at, clock], [UTC - 1000, ClockQuality.gps]);
});

test.run();
