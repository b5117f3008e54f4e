/** The report's tables of who was passed over, and of volunteers. */
import html from 'html-template-tag';
import { REASONS } from '../../control-room/reasons.js';
import type { Scheme } from '../../schemes/schema.js';
import type { Statistics } from '../statistics.js';
import type { VolunteerStatistics } from '../statistics/volunteers.js';
import { count, longDate, median, percent, percentile90 } from './words.js';
import { startOfDateMs } from '../local-time.js';

/** Rows of a code in words, with how often it was and of how many. */
export function reasonRows(reasons: Readonly<Record<string, number>>, whole: number): string {
  return Object.entries(reasons)
    .map(
      ([code, times]) =>
        html`<tr>
          <th scope="row">${REASONS[code] ?? code} <code>${code}</code></th>
          <td class="n">${count(times)}</td>
          <td class="n">${whole > 0 ? percent(times, whole) : ''}</td>
        </tr>`,
    )
    .join('');
}

export function passedOverHtml({ passedOver, alertedWith, counts }: Statistics): string {
  const table = (caption: string, reasons: Readonly<Record<string, number>>, whole: number) =>
    Object.keys(reasons).length === 0
      ? ''
      : html`<table class="counts">
          <caption>
            ${caption}
          </caption>
          <tbody>
            $${reasonRows(reasons, whole)}
          </tbody>
        </table>`;
  return html`<h3>Units that could not be sent, though they were nearer</h3>
    $${table('Units passed over, by why; one unit may have several reasons, and is counted once a call', passedOver, 0)}
    $${table('Units alerted all the same: what the crew was told or the control room warned of, of all alerts', alertedWith, counts.alerts)}`;
}

export function volunteersHtml(scheme: Scheme, statistics: Statistics): string {
  return html`$${publicAedsHtml(scheme, statistics)} $${peopleHtml(scheme, statistics)}`;
}

function publicAedsHtml(
  { publicAeds, publicAedsFrom }: Scheme,
  { publicAedsTold, counts }: Statistics,
): string {
  if (publicAedsFrom === undefined) return '<p>This scheme tells nobody of public AEDs.</p>';
  return html`<p>
    One of ${count(publicAeds.length)} public AEDs was near enough to be told of for
    ${count(publicAedsTold)} calls that met the criteria
    (${percent(publicAedsTold, counts.matched)}).
  </p>`;
}

function peopleHtml({ volunteers: rule }: Scheme, { volunteers }: Statistics): string {
  if (!rule || !volunteers) {
    return '<p>This scheme has no volunteers: none was told of any call.</p>';
  }
  return html`<p>
      ${rule.organisation}, from ${longDate(startOfDateMs(rule.from))} on: told beside the units, by
      the ambulance service and whatever the partner’s gates and dates are; never counted as a unit,
      and in no other figure of this page.
      ${rule.aed === 'carried' ? 'They carry an AED.' : 'Some go by way of the public AED that they are told of.'}
    </p>
    <table class="counts">
      <thead>
        <tr>
          <th></th>
          <th class="n">count or median</th>
          <th class="n">share or 90th centile</th>
        </tr>
      </thead>
      <tbody>
        $${volunteerRows(volunteers)
          .map(
            ([name, value, share]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td class="n">${value}</td>
                <td class="n">${share}</td>
              </tr>`,
          )
          .join('')}
      </tbody>
    </table>`;
}

/** For the page and the terminal alike. */
export function volunteerRows(of: VolunteerStatistics): [string, string, string][] {
  const shareOf = (part: number, whole: number) => percent(part, whole);
  return [
    ['Incidents for which volunteers were told', count(of.incidents), ''],
    ['Volunteers told', count(of.alerted), ''],
    ['accepted', count(of.accepted), shareOf(of.accepted, of.alerted)],
    ['declined', count(of.declined), shareOf(of.declined, of.alerted)],
    ['no answer', count(of.noAnswer), shareOf(of.noAnswer, of.alerted)],
    ['reached the patient', count(of.onScene), shareOf(of.onScene, of.alerted)],
    ['with an AED', count(of.withAed), shareOf(of.withAed, of.alerted)],
    [
      'Incidents: first at the patient',
      count(of.firstAtPatient),
      shareOf(of.firstAtPatient, of.incidents),
    ],
    [
      'Incidents: first with an AED',
      count(of.firstWithAed),
      shareOf(of.firstWithAed, of.incidents),
    ],
    [
      'Call → first volunteer at the patient',
      median(of.callToVolunteerS),
      percentile90(of.callToVolunteerS),
    ],
    [
      'Call → first volunteer’s AED at the patient',
      median(of.callToVolunteerAedS),
      percentile90(of.callToVolunteerAedS),
    ],
  ];
}
