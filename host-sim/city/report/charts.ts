/** The charts of the report. */
import * as Plot from '@observablehq/plot';
import type { Statistics, AreaStatistics } from '../statistics.js';
import { startOfDateMs } from '../local-time.js';
import type { Figure } from './figure.js';
import { duration, longDate, oneDecimal, waveName, withInterval } from './words.js';

const UNIT = 'var(--unit)';
const AMBULANCE = 'var(--ambulance)';
const QUIET = 'var(--quiet)';
const WEEK_MS = 7 * 86_400_000;

/** Calls that met the criteria and activations, week by week, with the days of each wave (L12). */
export function weeksFigure({ byWeek, byWave, fromMs, toMs }: Statistics): Figure {
  const weeks = byWeek.map((week) => ({
    ...week,
    x1: new Date(week.startAtMs),
    x2: new Date(Math.min(week.startAtMs + WEEK_MS, toMs)),
  }));
  const goLives = byWave
    .map(({ wave, goesLiveOn }) => ({ wave, atMs: startOfDateMs(goesLiveOn) }))
    .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    .map(({ wave, atMs }) => ({ wave, at: new Date(atMs) }));
  const top = Math.max(...byWeek.map(({ matched }) => matched), 1);
  return {
    title: 'Activations week by week',
    says: 'Pale: calls that met the criteria. Full: those for which a unit was alerted. Each line is a wave going live. The last bar may be a part of a week.',
    draw: (_, isNarrow) => ({
      height: isNarrow ? 240 : 300,
      marginLeft: 36,
      marginTop: 28,
      x: { type: 'utc', label: null, ticks: isNarrow ? 4 : 8 },
      y: { label: 'a week', grid: true, domain: [0, top * 1.05], ticks: 5 },
      marks: [
        Plot.rectY(weeks, { x1: 'x1', x2: 'x2', y: 'matched', fill: QUIET, inset: 1 }),
        Plot.rectY(weeks, {
          ...{ x1: 'x1', x2: 'x2', y: 'activations', fill: UNIT, inset: 1 },
          title: (week: (typeof weeks)[number]) =>
            `Week from ${longDate(week.startAtMs)}: ${week.matched} met the criteria, ` +
            `${week.activations} activations, ${week.unitFirst} times a unit first`,
        }),
        Plot.ruleX(goLives, { x: 'at', stroke: 'currentColor', strokeDasharray: '2,3' }),
        Plot.text(goLives, {
          ...{ x: 'at', frameAnchor: 'top', dy: -14, textAnchor: 'start', dx: -2 },
          text: ({ wave }: { wave: number }) => (isNarrow ? String(wave) : waveName(wave)),
        }),
        Plot.ruleY([0]),
      ],
    }),
  };
}

/** To the first defibrillator, area by area, before and after it went live (L10, L12). */
export function areasFigure({ byArea }: Statistics): Figure {
  const rows = [...byArea].sort(
    (a, b) => a.goesLiveOn.localeCompare(b.goesLiveOn) || a.name.localeCompare(b.name),
  );
  const minutes = (side: 'before' | 'after') =>
    rows.flatMap((row) => {
      const spread = row[side].callToFirstS;
      if (!spread) return [];
      const { value, low, high } = spread.median;
      return [{ row, name: row.name, minutes: value / 60, low: low / 60, high: high / 60 }];
    });
  const [before, after] = [minutes('before'), minutes('after')];
  const both = rows.flatMap((row) => {
    const [from, to] = [row.before.callToFirstS, row.after.callToFirstS];
    return from && to
      ? [{ name: row.name, x1: from.median.value / 60, x2: to.median.value / 60 }]
      : [];
  });
  return {
    title: 'When each area went live, and what changed',
    says: 'Median time from the call to the first defibrillator at the patient: ring before the area was live, dot after, each on a pale band that is its 95 % interval. Areas stand in the order of their dates.',
    draw: (_, isNarrow) => ({
      height: 60 + rows.length * 19,
      marginLeft: isNarrow ? 118 : 190,
      marginRight: isNarrow ? 46 : 110,
      x: { label: 'minutes →', grid: true, axis: 'both' as const, nice: true },
      y: { label: null, domain: rows.map(({ name }) => name) },
      marks: [
        Plot.axisY({
          tickSize: 0,
          ...(isNarrow ? { lineWidth: 9, textOverflow: 'ellipsis' } : {}),
        }),
        ...[before, after].map((spreads, i) =>
          Plot.ruleY(spreads, {
            ...{ y: 'name', x1: 'low', x2: 'high', stroke: i === 0 ? AMBULANCE : UNIT },
            ...{ strokeWidth: 7, strokeOpacity: 0.22 },
          }),
        ),
        Plot.link(both, { y: 'name', x1: 'x1', x2: 'x2', stroke: UNIT, strokeWidth: 2 }),
        Plot.dot(before, {
          x: 'minutes',
          y: 'name',
          r: 4,
          stroke: AMBULANCE,
          strokeWidth: 2,
          fill: 'var(--paper)',
          title: told('before'),
        }),
        Plot.dot(after, { x: 'minutes', y: 'name', r: 4.5, fill: UNIT, title: told('after') }),
        Plot.text(rows, {
          ...{ y: 'name', frameAnchor: 'right', textAnchor: 'start', dx: 8, fill: 'var(--muted)' },
          text: ({ goesLiveOn, wave }: AreaStatistics) =>
            isNarrow ? goesLiveOn.slice(5) : `${goesLiveOn} · ${wave === 0 ? 'pilot' : wave}`,
        }),
      ],
    }),
  };
}

function told(side: 'before' | 'after') {
  return ({ row }: { row: AreaStatistics }) => {
    const { callToFirstS: spread, counts } = row[side];
    const figure = spread ? withInterval(spread.median, duration) : '';
    return `${row.name}, ${side} ${row.goesLiveOn}: ${figure}, ${counts.matched} calls, ${counts.activations} activations`;
  };
}

/** In what share of calls a defibrillator is at the patient within so many minutes. */
export function arrivalsFigure(ambulanceS: readonly number[], firstS: readonly number[]): Figure {
  const lines = [
    ...cumulative(ambulanceS).map((point) => ({ ...point, by: 'ambulance alone' })),
    ...cumulative(firstS).map((point) => ({ ...point, by: 'with units' })),
  ];
  const labels = ['with units', 'ambulance alone'].map((by, i) => {
    const line = lines.filter((point) => point.by === by);
    const at = line.find(({ share }) => share >= (i === 0 ? 62 : 45)) ?? line.at(-1);
    return { by, ...(at as { minutes: number; share: number }) };
  });
  return {
    title: 'How soon a defibrillator is at the patient',
    says: 'Share of calls that met the criteria in live areas with a defibrillator at the patient within so many minutes of the call.',
    draw: (_, isNarrow) => ({
      height: isNarrow ? 260 : 320,
      marginLeft: 40,
      x: { label: 'minutes from the call →', domain: [0, MOST_MINUTES], grid: true },
      y: { label: '% of calls', domain: [0, 100], grid: true, ticks: 5 },
      color: {
        type: 'ordinal' as const,
        domain: ['ambulance alone', 'with units'],
        range: [AMBULANCE, UNIT],
      },
      marks: [
        Plot.line(lines, { x: 'minutes', y: 'share', stroke: 'by', strokeWidth: 2.5 }),
        Plot.text(labels.slice(0, 1), {
          x: 'minutes',
          y: 'share',
          text: 'by',
          dx: -8,
          textAnchor: 'end',
          fill: 'by',
          fontWeight: 'bold',
        }),
        Plot.text(labels.slice(1), {
          x: 'minutes',
          y: 'share',
          text: 'by',
          dx: 8,
          textAnchor: 'start',
          fill: 'by',
          fontWeight: 'bold',
        }),
        Plot.ruleY([0]),
      ],
    }),
  };
}

const MOST_MINUTES = 20;
const STEP_S = 15;

function cumulative(values: readonly number[]): { minutes: number; share: number }[] {
  const sorted = [...values].sort((a, b) => a - b);
  let under = 0;
  return Array.from({ length: (MOST_MINUTES * 60) / STEP_S + 1 }, (_, i) => {
    while (under < sorted.length && (sorted[under] as number) <= i * STEP_S) under++;
    return { minutes: (i * STEP_S) / 60, share: (100 * under) / Math.max(sorted.length, 1) };
  });
}

/** The gain and how unsure it is, beside one dozen and two (L12). */
export function livesFigure({ lives }: Statistics): Figure | null {
  if (!lives) return null;
  const { value, low, high } = lives.morePerYear;
  const dozens = [12, 24, 36, 48].filter((n) => n < high * 1.15);
  return {
    title: 'Survivors more a year, by the model',
    says: `${oneDecimal(value)}, and with 95 % of what patients and assumptions leave open, ${oneDecimal(low)} to ${oneDecimal(high)}.${dozens.length > 0 ? ' Dashed: dozens.' : ''}`,
    draw: () => ({
      height: 96,
      marginLeft: 16,
      marginTop: 24,
      x: {
        label: 'survivors more a year, all areas live →',
        domain: [Math.min(0, low), high * 1.1],
        grid: true,
      },
      y: { axis: null, domain: ['more'] },
      marks: [
        Plot.ruleX(dozens, { stroke: 'currentColor', strokeDasharray: '2,3' }),
        Plot.ruleY(['more'], {
          x1: low,
          x2: high,
          y: ['more'],
          stroke: UNIT,
          strokeWidth: 6,
          strokeOpacity: 0.45,
        }),
        Plot.dot(['more'], { x: [value], y: ['more'], r: 7, fill: UNIT }),
        Plot.text(['more'], {
          x: [value],
          y: ['more'],
          text: [oneDecimal(value)],
          dy: -18,
          fontWeight: 'bold',
        }),
      ],
    }),
  };
}
