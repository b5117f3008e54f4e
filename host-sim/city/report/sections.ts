/** The report's tables, and the words beside them. */
import html from 'html-template-tag';
import type { Scheme } from '../../schemes/schema.js';
import { TIMES, type Statistics } from '../statistics.js';
import type { Group } from '../statistics/groups.js';
import { waveColour } from './map.js';
import { reasonRows } from './people.js';
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

export function wavesHtml(scheme: Scheme, { byWave }: Statistics): string {
  const codes = new Map(scheme.areas.map(({ name, code }) => [name, code]));
  const rows = byWave.map(
    ({ wave, goesLiveOn, areas, before, after }) =>
      html`<tr>
        <th scope="row">
          <span class="swatch" style="background:${waveColour(wave)}"></span>${waveName(wave)}
        </th>
        <td class="date" data-is="live from">${goesLiveOn}</td>
        <td data-is="areas">${areas.map((name) => `${name} ${codes.get(name)}`).join(', ')}</td>
        <td class="n" data-is="before">${medianWithInterval(before)}</td>
        <td class="n" data-is="after">${medianWithInterval(after)}</td>
        <td class="n" data-is="activations">${count(after.counts.activations)}</td>
        <td class="n" data-is="unit first">
          ${percent(after.counts.unitFirst, after.counts.activations)}
        </td>
      </tr>`,
  );
  return html`<table class="stack">
    <caption>
      When each area went live; median time from the call to the first defibrillator before and
      after, with 95 % intervals
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

function medianWithInterval({ callToFirstS }: Group): string {
  return callToFirstS ? withInterval(callToFirstS.median, duration) : UNKNOWN;
}

export function pilotHtml({ pilot, rollout }: Statistics): string {
  const row = (name: string, group: Group) => {
    const { counts, callToAmbulanceS, callToFirstS } = group;
    return html`<tr>
      <th scope="row">${name}</th>
      <td class="n" data-is="met the criteria">${count(counts.matched)}</td>
      <td class="n" data-is="activations">${count(counts.activations)}</td>
      <td class="n" data-is="unit first">${percent(counts.unitFirst, counts.activations)}</td>
      <td class="n" data-is="ambulance, median">${median(callToAmbulanceS)}</td>
      <td class="n" data-is="first defibrillator, median">${medianWithInterval(group)}</td>
      <td class="n" data-is="90th centile">${percentile90(callToFirstS)}</td>
      <td class="n" data-is="resuscitated and transported">
        ${count(counts.resuscitatedAndTransported)}
        (${percent(counts.resuscitatedAndTransported, counts.activations)})
      </td>
    </tr>`;
  };
  return html`<h3>Pilot beside roll-out</h3>
    <table class="stack wrap">
      <thead>
        <tr>
          <th>areas, once live</th>
          <th class="n">met criteria</th>
          <th class="n">activations</th>
          <th class="n">unit first</th>
          <th class="n">ambulance, median</th>
          <th class="n">first defibrillator, median</th>
          <th class="n">90th centile</th>
          <th class="n">resuscitated, of activations</th>
        </tr>
      </thead>
      <tbody>
        $${row('Pilot', pilot)}$${row('Rolled out', rollout)}
      </tbody>
    </table>`;
}

export function timesHtml({ times }: Statistics): string {
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

export function countsHtml({
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
        $${reasonRows(noAlertReasons, counts.matched)}
      </tbody>
    </table>
    <p>
      ${expectedPerWeek === null ? 'The scheme as a whole has no forecast' : `The scheme’s forecast is ${expectedPerWeek} activations a week`};
      warnings of more than a forecast: ${count(forecastWarnings)}. A warning blocks nothing.
    </p>`;
}

export function livesHtml({ claim }: Scheme, { lives }: Statistics): string {
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
    $${claim === undefined ? '' : claimHtml(claim)}`;
}

function claimHtml(claim: string): string {
  return html`<p class="caution">
    The services’ own words at the start were that the scheme “${claim}”. This page can say whether
    that is of the right order under the assumptions below. It cannot say that it came true.
  </p>`;
}
