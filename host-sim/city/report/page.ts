/** The report: one HTML page, whole in itself, that opens without a network. */
import html from 'html-template-tag';
import type { Scheme } from '../../schemes/schema.js';
import type { Assumptions } from '../assumptions.js';
import type { Statistics } from '../statistics.js';
import type { IncidentRecord } from '../statistics/incidents.js';
import { measuresOf } from '../statistics/measures.js';
import { startOfDateMs } from '../local-time.js';
import { areasFigure, arrivalsFigure, livesFigure, weeksFigure } from './charts.js';
import { figureHtml } from './figure.js';
import { mapFigure } from './map.js';
import { methodHtml } from './method.js';
import { passedOverHtml, volunteersHtml } from './people.js';
import { countsHtml, livesHtml, pilotHtml, timesHtml, wavesHtml } from './sections.js';
import { STYLE } from './style.js';
import { trustHtml, trustSentence } from './trust.js';
import { count, longDate, median, oneDecimal, percent, UNKNOWN } from './words.js';

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
          $${countsHtml(statistics)} $${passedOverHtml(statistics)}
          <h2 id="volunteers">Volunteers and public AEDs</h2>
          $${volunteersHtml(scheme, statistics)}
          <h2 id="survivors">Survivors</h2>
          $${lives ? figureHtml(lives) : ''} $${livesHtml(scheme, statistics)}
          <h2 id="trust">How far to trust it</h2>
          $${trustHtml(statistics, assumptions)} $${methodHtml(scheme, assumptions)}
          $${footHtml(input)}
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
    <p class="caution">
      A simulation of what would have been, by the assumptions below; not an account of what was.
      ${trustSentence(statistics)}
      <a href="#trust">How far to trust it</a>
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
      ><a href="#volunteers">Volunteers</a><a href="#survivors">Survivors</a
      ><a href="#trust">How far to trust it</a><a href="#method">Method</a>
    </nav>
  </header>`;
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
