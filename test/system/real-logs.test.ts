/** Logs of real receivers through the whole unit, as `sim gps` feeds them, held against gpsd. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixesOfLog, type PrintedFix } from '../../host-sim/commands/gps.js';
import { compareWithGpsd, gpsdLogNames, readGpsdLog } from '../support/gpsd-reference.js';

const test = suite('sim gps on real logs');
const logNames = gpsdLogNames();

if (logNames === null) {
  console.log('sim gps on real logs: left out, there is no ../shared/data/gps beside the project');
  test.skip('gives the fixes that gpsd gives', () => {});
} else {
  for (const logName of logNames) {
    test(`gives the fixes that gpsd gives: ${logName}`, async () => {
      const fixes: PrintedFix[] = [];
      const log = Buffer.from(readGpsdLog(logName), 'latin1');
      const counts = await fixesOfLog(log, (fix) => fixes.push(fix));
      const { matched, differences } = compareWithGpsd(
        logName,
        fixes.map(({ time, lat, lon, speed, course, altitude }) => ({
          time,
          lat,
          lon,
          speedMPerS: speed,
          courseDeg: course,
          altitudeM: altitude,
        })),
      );
      const unexplained = differences.filter(({ why }) => why === undefined);
      assert.equal(unexplained, []);
      assert.ok(matched > 0);
      assert.is(counts.fixes, fixes.length);
      const { sentences, skipped, rejected } = counts;
      assert.equal(rejected, { checksum: 0, malformed: 0 });
      assert.ok(sentences > skipped);
    });
  }
}

test.run();
