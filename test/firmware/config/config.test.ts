/** Settings on trial, kept, and given up (CR-152 and after). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CONFIG_RECORD,
  MAX_TRIAL_BOOTS,
  TRIAL_RECORD,
  confirmConfig,
  isTrialOver,
  openConfig,
  rollBack,
  tryConfig,
  type ConfigKeeper,
} from '../../../firmware/config/config.js';
import { readRecord } from '../../../firmware/store/records.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { Refusal } from '../../../protocol/codes.js';
import { defaultConfig, encodeConfig, type Config } from '../../../protocol/generated/config.js';
import { CONFIG_TRIAL_MS } from '../../../protocol/limits.js';
import { FakeStore, FakeSystem, PowerCut } from '../../support/fake-ports.js';

const test = suite('config (last known good)');
const crc32 = new FakeSystem().crc32;

function recordsOn(files: Map<string, string>) {
  return { store: new FakeStore(files), crc32 };
}

function boot(files: Map<string, string>, nowMs = 0): ConfigKeeper {
  return openConfig(recordsOn(files), hostBytes, nowMs);
}

function config(version: number, change: Partial<Config> = {}): Config {
  return { ...defaultConfig(), version, patrolPeriodS: 20 + version, ...change };
}

function give(keeper: ConfigKeeper, version: number, nowMs = 1000): number | null {
  const next = config(version);
  return tryConfig(keeper, next, encodeConfig(next, hostBytes), 100 + version, nowMs);
}

test('a unit that was given none has the defaults, as version 0', () => {
  const keeper = boot(new Map());
  assert.equal(keeper.config, defaultConfig());
  assert.is(keeper.config.version, 0);
  assert.is(keeper.trialCounter, 0);
});

test('CR-153, CR-064: settings are in force at once, and kept when the control room was heard', () => {
  const files = new Map<string, string>();
  const keeper = boot(files);
  assert.is(give(keeper, 1), Refusal.none);
  assert.equal(keeper.config, config(1));
  assert.is(confirmConfig(keeper), 101);
  const next = boot(files);
  assert.equal(next.config, config(1));
  assert.is(next.trialCounter, 0);
  assert.is(next.givenUp, 0);
});

test('CR-152: settings that are not newer change nothing', () => {
  const keeper = boot(new Map());
  give(keeper, 5);
  confirmConfig(keeper);
  for (const version of [4, 5]) assert.is(give(keeper, version), Refusal.none);
  assert.is(keeper.config.version, 5);
  assert.is(keeper.trialCounter, 0);
  give(keeper, 6);
  assert.is(keeper.config.version, 6);
});

test('a trial lasts CONFIG_TRIAL_MS, and then the settings before come back', () => {
  const files = new Map<string, string>();
  const keeper = boot(files);
  assert.is(isTrialOver(keeper, 10 * CONFIG_TRIAL_MS), false);
  give(keeper, 1);
  confirmConfig(keeper);
  give(keeper, 2, 5000);
  assert.is(isTrialOver(keeper, 5000 + CONFIG_TRIAL_MS - 1), false);
  assert.is(isTrialOver(keeper, 5000 + CONFIG_TRIAL_MS), true);
  rollBack(keeper);
  assert.equal(keeper.config, config(1));
  assert.is(keeper.givenUp, 102);
  assert.is(isTrialOver(keeper, 1e9), false);
  assert.equal(boot(files).config, config(1));
});

test('a power cut during the trial leaves it on trial, for at most MAX_TRIAL_BOOTS boots', () => {
  const files = new Map<string, string>();
  const keeper = boot(files);
  give(keeper, 1);
  confirmConfig(keeper);
  give(keeper, 2);
  for (let boots = 1; boots <= MAX_TRIAL_BOOTS; boots++) {
    const again = boot(files, 7000);
    assert.equal(again.config, config(2), `boot ${boots}`);
    assert.is(again.trialCounter, 102);
    assert.is(isTrialOver(again, 7000 + CONFIG_TRIAL_MS), true);
  }
  const last = boot(files);
  assert.equal(last.config, config(1));
  assert.is(last.givenUp, 102);
  assert.is(boot(files).givenUp, 0);
});

test('flash without room: not taken, or not yet kept, and nothing lost', () => {
  const files = new Map<string, string>();
  const keeper = boot(files);
  const store = keeper.records.store as FakeStore;
  store.isFull = true;
  assert.is(give(keeper, 1), null);
  assert.is(keeper.config.version, 0);
  store.isFull = false;
  give(keeper, 1);
  store.isFull = true;
  assert.is(confirmConfig(keeper), 0);
  assert.is(keeper.trialCounter, 101);
  store.isFull = false;
  assert.is(confirmConfig(keeper), 101);
});

test('a power cut at any byte of any write leaves the old settings or the new, whole', () => {
  const from = (): Map<string, string> => {
    const files = new Map<string, string>();
    const keeper = boot(files);
    give(keeper, 1);
    confirmConfig(keeper);
    return files;
  };
  let cuts = 0;
  for (let index = 0; index < 8; index++) {
    for (const share of [0, 0.3, 1]) {
      const files = from();
      const keeper = boot(files);
      const store = keeper.records.store as FakeStore;
      let writes = 0;
      store.onWrite = (_name, bytes) =>
        writes++ === index ? Math.floor(bytes.length * share) : null;
      try {
        give(keeper, 2);
        confirmConfig(keeper);
        give(keeper, 3);
        rollBack(keeper);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        cuts++;
      }
      const { version, patrolPeriodS } = boot(files).config;
      assert.ok(version >= 1 && version <= 3, `write ${index}: version ${version}`);
      assert.is(patrolPeriodS, 20 + version);
      if (writes > 3) assert.ok(version >= 2, 'what was found good is not lost');
    }
  }
  assert.is(cuts, 15);
});

test('a record that is none of this protocol is passed over', () => {
  const files = new Map<string, string>();
  const keeper = boot(files);
  give(keeper, 1);
  confirmConfig(keeper);
  const records = recordsOn(files);
  assert.is(readRecord(records, TRIAL_RECORD), '');
  assert.is.not(readRecord(records, CONFIG_RECORD), null);
  for (const name of [...files.keys()]) files.set(name, 'garbage');
  assert.equal(boot(files).config, defaultConfig());
});

test.run();
