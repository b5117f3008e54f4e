/** The report: one HTML page, whole in itself, that opens without a network. */
import html from 'html-template-tag';
import type { Scheme } from '../../schemes/schema.js';
import type { Assumptions } from '../assumptions.js';
import { TIMES, type Group, type Statistics } from '../statistics.js';
import type { IncidentRecord } from '../statistics/incidents.js';
import { measuresOf } from '../statistics/measures.js';
import { startOfDateMs } from '../local-time.js';
import { areasFigure, arrivalsFigure, livesFigure, weeksFigure } from './charts.js';
import { figureHtml } from './figure.js';
import { mapFigure, waveColour } from './map.js';
import { methodHtml } from './method.js';
import { STYLE } from './style.js';
import {
  count,
  duration,
  longDate,
  median,
  oneDecimal,
  percent,
  percentile90,
  TIME_WORDS,
  UNKNOWN,
  waveName,
  withInterval,
} from './words.js';

export interface PageInput {
  readonly scheme: Scheme;
  readonly assumptions: Assumptions;
  readonly statistics: Statistics;
  readonly incidents: readonly IncidentRecord[];
  readonly about: {
    readonly units: number;
    readonly unitsAs: string;
    readonly seed: number;
    readonly lines: number;
    readonly ledgerSha256: string;
  };
}

export function pageOf(input: PageInput): string {
  const { scheme, assumptions, statistics, incidents } = input;
  const { ambulanceS, firstS } = arrivalsOf(input);
  const lives = livesFigure(statistics);
  return html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${scheme.name}: simulated results</title>
        <style>
          $${STYLE}
        </style>
      </head>
      <body>
        <main>
          $${headHtml(input)}
          <h2 id="where">Where and when</h2>
          $${figureHtml(mapFigure(scheme, statistics, incidents))} $${wavesHtml(scheme, statistics)}
          <h2 id="changed">What changed</h2>
          $${figureHtml(areasFigure(statistics))} $${figureHtml(weeksFigure(statistics))}
          $${scheme.areas.some(({ wave }) => wave === 0) ? pilotHtml(statistics) : ''}
          <h2 id="times">How long it takes</h2>
          $${figureHtml(arrivalsFigure(ambulanceS, firstS))} $${timesHtml(statistics)}
          <h2 id="counts">What was done</h2>
          $${countsHtml(statistics)}
          <h2 id="survivors">Survivors</h2>
          $${lives ? figureHtml(lives) : ''} $${livesHtml(statistics)}
          $${methodHtml(scheme, assumptions)} $${footHtml(input)}
        </main>
      </body>
    </html> `;
}

/** Of calls that met the criteria in areas that were live. */
function arrivalsOf({ scheme, incidents, assumptions }: PageInput) {
  const liveMs = new Map(scheme.areas.map((area) => [area.id, startOfDateMs(area.goesLiveOn)]));
  const live = incidents.filter(
    ({ rule, area, codedAtMs }) =>
      rule !== null && area !== null && codedAtMs >= (liveMs.get(area) ?? Infinity),
  );
  const all = live.map((each) => measuresOf(each, assumptions.crews.vehicleToPatientS.value));
  return {
    ambulanceS: all.flatMap(({ callToAmbulanceS }) => callToAmbulanceS ?? []),
    firstS: all.flatMap(({ callToFirstS }) => callToFirstS ?? []),
  };
}

function headHtml({ scheme, statistics, about }: PageInput): string {
  const { counts, times, lives, fromMs, toMs } = statistics;
  const [first, ambulance] = [times.callToFirstS, times.callToAmbulanceS];
  return html`<header>
    <h1>${scheme.name}</h1>
    <p class="muted">
      ${scheme.about} Simulated from ${longDate(fromMs)} to ${longDate(toMs - 1)} with
      ${count(about.units)} units (${about.unitsAs}), seed ${String(about.seed)}.
    </p>
    <ul class="figures">
      <li>
        <strong>${count(counts.activations)}</strong> activations<small
          >of ${count(counts.matched)} calls that met the criteria</small
        >
      </li>
      <li>
        <strong>${percent(counts.unitFirst, counts.activations)}</strong> unit first<small
          >${count(counts.unitFirst)} times on scene with an AED before the ambulance</small
        >
      </li>
      <li>
        <strong>${median(first)}</strong> to the first defibrillator<small
          >median of activations; by ambulance alone ${median(ambulance)}</small
        >
      </li>
      <li>
        <strong>${lives ? oneDecimal(lives.morePerYear.value) : UNKNOWN}</strong> survivors more a
        year<small
          >${lives ? `${oneDecimal(lives.morePerYear.low)} to ${oneDecimal(lives.morePerYear.high)}, by a model: see the method` : 'no arrest in a live area'}</small
        >
      </li>
    </ul>
    <nav aria-label="Contents">
      <a href="#where">Where and when</a><a href="#changed">What changed</a
      ><a href="#times">How long</a><a href="#counts">What was done</a
      ><a href="#survivors">Survivors</a><a href="#method">Method</a>
    </nav>
  </header>`;
}

function wavesHtml(scheme: Scheme, { byWave }: Statistics): string {
  const codes = new Map(scheme.areas.map(({ name, code }) => [name, code]));
  const rows = byWave.map(
    ({ wave, goesLiveOn, areas, before, after }) =>
      html`<tr>
        <th scope="row">
          <span class="swatch" style="background:${waveColour(wave)}"></span>${waveName(wave)}
        </th>
        <td class="date" data-is="live from">${goesLiveOn}</td>
        <td data-is="areas">${areas.map((name) => `${name} ${codes.get(name)}`).join(', ')}</td>
        <td class="n" data-is="before">${median(before.callToFirstS)}</td>
        <td class="n" data-is="after">${median(after.callToFirstS)}</td>
        <td class="n" data-is="activations">${count(after.counts.activations)}</td>
        <td class="n" data-is="unit first">
          ${percent(after.counts.unitFirst, after.counts.activations)}
        </td>
      </tr>`,
  );
  return html`<table class="stack">
    <caption>
      When each area went live; median time from the call to the first defibrillator before and
      after
    </caption>
    <thead>
      <tr>
        <th>wave</th>
        <th>live from</th>
        <th>areas</th>
        <th class="n">before</th>
        <th class="n">after</th>
        <th class="n">activations</th>
        <th class="n">unit first</th>
      </tr>
    </thead>
    <tbody>
      $${rows.join('')}
    </tbody>
  </table>`;
}

function pilotHtml({ pilot, rollout }: Statistics): string {
  const row = (name: string, { counts, callToAmbulanceS, callToFirstS }: Group) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="n" data-is="met the criteria">${count(counts.matched)}</td>
      <td class="n" data-is="activations">${count(counts.activations)}</td>
      <td class="n" data-is="unit first">${percent(counts.unitFirst, counts.activations)}</td>
      <td class="n" data-is="ambulance, median">${median(callToAmbulanceS)}</td>
      <td class="n" data-is="first defibrillator, median">
        ${callToFirstS ? withInterval(callToFirstS.median, duration) : UNKNOWN}
      </td>
      <td class="n" data-is="90th centile">${percentile90(callToFirstS)}</td>
      <td class="n" data-is="resuscitated and transported">
        ${count(counts.resuscitatedAndTransported)}
      </td>
    </tr>`;
  return html`<h3>Pilot beside roll-out</h3>
    <table class="stack">
      <thead>
        <tr>
          <th>areas, once live</th>
          <th class="n">met criteria</th>
          <th class="n">activations</th>
          <th class="n">unit first</th>
          <th class="n">ambulance</th>
          <th class="n">first defibrillator</th>
          <th class="n">90th</th>
          <th class="n">resuscitated</th>
        </tr>
      </thead>
      <tbody>
        $${row('Pilot', pilot)}$${row('Rolled out', rollout)}
      </tbody>
    </table>`;
}

function timesHtml({ times }: Statistics): string {
  const rows = TIMES.map((name) => {
    const spread = times[name];
    return html`<tr>
      <th scope="row">${TIME_WORDS[name]}</th>
      <td class="n" data-is="incidents">${count(spread?.count ?? 0)}</td>
      <td class="n" data-is="mean">${spread ? duration(spread.mean) : UNKNOWN}</td>
      <td class="n" data-is="median">
        ${spread ? withInterval(spread.median, duration) : UNKNOWN}
      </td>
      <td class="n" data-is="90th centile">
        ${spread ? withInterval(spread.percentile90, duration) : UNKNOWN}
      </td>
    </tr>`;
  });
  return html`<table class="stack">
    <caption>
      Of activations, with 95 % intervals; minutes and seconds
    </caption>
    <thead>
      <tr>
        <th>time</th>
        <th class="n">n</th>
        <th class="n">mean</th>
        <th class="n">median</th>
        <th class="n">90th centile</th>
      </tr>
    </thead>
    <tbody>
      $${rows.join('')}
    </tbody>
  </table>`;
}

function countsHtml({
  counts,
  noAlertReasons,
  expectedPerWeek,
  forecastWarnings,
}: Statistics): string {
  const row = (name: string, value: number, share = '') =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="n">${count(value)}</td>
      <td class="n">${share}</td>
    </tr>`;
  const done = [
    row('Calls', counts.calls),
    row('that met the criteria', counts.matched, percent(counts.matched, counts.calls)),
    row(
      'Activations: a unit was alerted',
      counts.activations,
      percent(counts.activations, counts.matched),
    ),
    row('Units alerted', counts.alerts),
    row('Responses: alerts accepted', counts.responses, percent(counts.responses, counts.alerts)),
    row('Declined', counts.declined, percent(counts.declined, counts.alerts)),
    row('No answer', counts.unanswered, percent(counts.unanswered, counts.alerts)),
    row('Stood down', counts.stoodDown, percent(counts.stoodDown, counts.alerts)),
    row('Unit first on scene', counts.unitFirst, percent(counts.unitFirst, counts.activations)),
    row('Patients with a response', counts.patients),
    row(
      'Resuscitated and transported',
      counts.resuscitatedAndTransported,
      percent(counts.resuscitatedAndTransported, counts.patients),
    ),
  ];
  const not = Object.entries(noAlertReasons).map(([reason, incidents]) =>
    row(reason, incidents, percent(incidents, counts.matched)),
  );
  return html`<table class="counts">
      <caption>
        Patients and responses are counted apart: several units may respond to one patient
      </caption>
      <tbody>
        $${done.join('')}
      </tbody>
    </table>
    <h3>Why no unit was alerted, where the criteria were met</h3>
    <table class="counts">
      <tbody>
        $${not.join('')}
      </tbody>
    </table>
    <p>
      ${expectedPerWeek === null ? 'The scheme as a whole has no forecast' : `The scheme’s forecast is ${expectedPerWeek} activations a week`};
      warnings of more than a forecast: ${count(forecastWarnings)}. A warning blocks nothing.
    </p>`;
}

function livesHtml({ lives }: Statistics): string {
  if (!lives)
    return '<p>No arrest happened in an area that was live, so there is nothing to say.</p>';
  return html`<p>
      Of ${count(lives.arrests)} treated arrests in live areas, the model has
      ${oneDecimal(lives.survivorsAlone)} survivors by ambulance alone and
      ${oneDecimal(lives.survivorsWithUnits)} with units: ${withInterval(lives.more, oneDecimal)}
      more. The same gain over a year with every area live is
      ${withInterval(lives.morePerYear, oneDecimal)}. Two dozen or more come out of
      ${percent(lives.shareOfDozens, 1)} of the draws.
    </p>
    <p class="caution">
      The services’ own words at the start were that the scheme “could save dozens of lives each
      year”. This page can say whether that is of the right order under the assumptions below. It
      cannot say that it came true.
    </p>`;
}

function footHtml({ statistics, about }: PageInput): string {
  return html`<footer>
    <p>
      Ledger of ${count(about.lines)} lines, SHA-256 <code>${about.ledgerSha256}</code>. The same
      scheme, dates, units and seed give the same ledger: ${statistics.scheme}, seed
      ${String(about.seed)}.
    </p>
  </footer>`;
}
