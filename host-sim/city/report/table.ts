/** The statistics on a terminal. */
import Table from 'cli-table3';
import type { Statistics } from '../statistics.js';
import { TIMES } from '../statistics.js';
import { volunteerRows } from './people.js';
import { publishedText, simulatedText, verdictOf } from './trust.js';
import {
  count,
  duration,
  median,
  oneDecimal,
  percent,
  percentile90,
  TIME_WORDS,
  UNKNOWN,
  waveName,
  withInterval,
} from './words.js';

/** No colours, and no line between rows. */
const PLAIN = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

export function tablesOf(statistics: Statistics): string {
  return [
    countsTable(statistics),
    timesTable(statistics),
    volunteersTable(statistics),
    wavesTable(statistics),
    checksTable(statistics),
    livesLines(statistics),
  ].join('\n');
}

function countsTable({
  counts,
  forecastWarnings,
  noAlertReasons,
  passedOver,
  alertedWith,
  publicAedsTold,
}: Statistics): string {
  const table = new Table({
    ...PLAIN,
    head: ['', 'count', 'share'],
    colAligns: ['left', 'right', 'right'],
  });
  const rows: [string, number, string][] = [
    ['calls', counts.calls, ''],
    ['that met the criteria', counts.matched, percent(counts.matched, counts.calls)],
    ['activations', counts.activations, percent(counts.activations, counts.matched)],
    ['units alerted', counts.alerts, ''],
    ['responses: alerts accepted', counts.responses, percent(counts.responses, counts.alerts)],
    ['declined', counts.declined, percent(counts.declined, counts.alerts)],
    ['no answer', counts.unanswered, percent(counts.unanswered, counts.alerts)],
    ['stood down', counts.stoodDown, percent(counts.stoodDown, counts.alerts)],
    ['unit first on scene', counts.unitFirst, percent(counts.unitFirst, counts.activations)],
    ['patients with a response', counts.patients, ''],
    ['resuscitated and transported', counts.resuscitatedAndTransported, ''],
    ['with a public AED near enough', publicAedsTold, percent(publicAedsTold, counts.matched)],
    ['warnings: more than forecast', forecastWarnings, ''],
  ];
  for (const [name, value, share] of rows) table.push([name, count(value), share]);
  for (const [reason, incidents] of Object.entries(noAlertReasons)) {
    table.push([`no alert: ${reason}`, count(incidents), percent(incidents, counts.matched)]);
  }
  for (const [reason, units] of Object.entries(passedOver)) {
    table.push([`nearer unit passed over: ${reason}`, count(units), '']);
  }
  for (const [reason, alerts] of Object.entries(alertedWith)) {
    table.push([`alerted all the same: ${reason}`, count(alerts), percent(alerts, counts.alerts)]);
  }
  return table.toString();
}

function volunteersTable({ volunteers }: Statistics): string {
  if (!volunteers) return 'Volunteers: the scheme has none.';
  const table = new Table({
    ...PLAIN,
    head: ['volunteers, who count as no unit', 'count or median', 'share or 90th centile'],
    colAligns: ['left', 'right', 'right'],
  });
  table.push(...volunteerRows(volunteers));
  return table.toString();
}

/** Published figures beside this run's: what was predicted alone can agree. */
function checksTable({ validation }: Statistics): string {
  if (validation.length === 0) return 'Published about this scheme: nothing to compare with.';
  const table = new Table({
    ...PLAIN,
    head: ['published figure', 'published', 'here (95 % by chance)', 'verdict'],
    colAligns: ['left', 'right', 'right', 'left'],
  });
  for (const check of validation) {
    table.push([check.what, publishedText(check), simulatedText(check), verdictOf(check)]);
  }
  return table.toString();
}

function timesTable({ times }: Statistics): string {
  const table = new Table({
    ...PLAIN,
    head: ['time, of activations', 'n', 'median (95 % interval)', '90th centile (95 % interval)'],
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const name of TIMES) {
    const spread = times[name];
    table.push([
      TIME_WORDS[name],
      count(spread?.count ?? 0),
      spread ? withInterval(spread.median, duration) : UNKNOWN,
      spread ? withInterval(spread.percentile90, duration) : UNKNOWN,
    ]);
  }
  return table.toString();
}

function wavesTable({ byWave, pilot, rollout }: Statistics): string {
  const table = new Table({
    ...PLAIN,
    head: [
      'wave',
      'live from',
      'before: median',
      'after: median',
      '90th',
      'activations',
      'unit first',
    ],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const { wave, goesLiveOn, before, after } of byWave) {
    table.push([waveName(wave), goesLiveOn, median(before.callToFirstS), ...liveCells(after)]);
  }
  table.push(['All pilot', '', '', ...liveCells(pilot)]);
  table.push(['All rolled out', '', '', ...liveCells(rollout)]);
  return `Call to first defibrillator, of calls that met the criteria\n${table.toString()}`;
}

function liveCells({ callToFirstS, counts }: Statistics['pilot']): string[] {
  return [
    median(callToFirstS),
    percentile90(callToFirstS),
    count(counts.activations),
    percent(counts.unitFirst, counts.activations),
  ];
}

function livesLines({ lives }: Statistics): string {
  if (!lives) return 'Survivors: no arrest in an area that was live, so nothing to say.';
  return [
    `Survivors among ${count(lives.arrests)} treated arrests in live areas, by the model of the report's method page:`,
    `  ${oneDecimal(lives.survivorsAlone)} by ambulance alone, ${oneDecimal(lives.survivorsWithUnits)} with units;`,
    `  ${withInterval(lives.morePerYear, oneDecimal)} more a year with every area live. A model's estimate, not a count.`,
  ].join('\n');
}
