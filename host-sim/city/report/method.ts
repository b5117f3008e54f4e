/** The report's method page: model, sources, uncertainty, and what follows from it and what not. */
import html from 'html-template-tag';
import type { Scheme } from '../../schemes/schema.js';
import type { Assumptions } from '../assumptions.js';

export const SAYS = [
  'How the rules, the roll-out and the number of units change who is alerted, how often, and from how far.',
  'How much sooner a defibrillator is at the patient than by ambulance alone, if crews, roads and ambulances are as assumed.',
  'Of what order the gain in survivors is, with the range that the assumptions leave open.',
] as const;

export const CANNOT_SAY = [
  'That a number of people was or will be saved. No patient is followed: survival is a published straight line by time, measured in King County from 1976 to 1991 on arrests in ventricular fibrillation with heart disease, and scaled to the published survival of the service, or of England where its own is not at hand.',
  'How good the care is. An AED at the patient is taken as used at once and rightly, and CPR by a crew as good as any.',
  'Anything about one area by itself. Calls follow population alone, not age, deprivation or where people are by day; places are circles about a centre, not boundaries; every ambulance comes from one distribution, that of the whole service.',
  'What happens on the road. No street, river or traffic jam is known: a straight line, a factor and a speed by the hour.',
  'What the partner’s own work loses while a crew responds. It is not counted.',
  'All of the uncertainty. The ranges marked as assumed are judgement, they are drawn independently of each other, and a model that is wrong in its form is outside of them.',
] as const;

const MODEL = [
  'Calls are a Poisson process. Treated cardiac arrests have the published incidence in each area’s population, the daily pattern of the Resuscitation Outcomes Consortium and a weekly one of its shape. A share of them is recognised by the call-taker; most calls that meet the criteria are something else.',
  'The control room is the one that would run the scheme, with its rules as data: criteria, dates, gates, readiness, choice of units, replacement, stand-down. It sees what it would see, and never what the patient has.',
  'Each vehicle has shifts, a patrol, calls of its own service and an AED that is sometimes not ready. Its crew accepts, declines or does not answer, turns out, and drives the straight line times a detour factor at a speed by the hour.',
  'A vehicle has no link in places that lie about each area, and now and then for some minutes anywhere. The control room learns of it after a while, and chooses others; what was sent meanwhile comes when the link is back, and never sounds once it has expired. Who is on board, and when they were trained, is drawn from the scheme’s responders.',
  'Volunteers are people with a telephone, somewhere else every four hours, on their way as pedestrians or by car without lights. They are told beside the units. Nothing in the figures of units counts them, and “ambulance alone” is without them too.',
  'The ambulance’s arrival is one draw for each call from a log-normal distribution with the mean and the 90th centile of Category 1 that are published for the service, or for England. Nothing that a unit does changes it, so that “ambulance alone” is the same calls with the same ambulances and no units.',
  'Survival of a rhythm that can be shocked is Larsen’s: 67 % less 2.3 % a minute to CPR, 1.1 % to the first shock and 2.1 % to advanced care. Other rhythms have a constant. Both together are scaled so that ambulances alone have the published survival: the level is measured, only the difference is the model’s.',
  'Intervals are 95 %. Those of times are bootstrapped over incidents. That of survivors is too, and each of its 1,000 resamples draws every parameter of the model anew from its range below.',
] as const;

export function methodHtml(scheme: Scheme, assumptions: Assumptions): string {
  return html`<h2 id="method">Method</h2>
    <h3>The model</h3>
    $${list(MODEL)}
    <h3>What this can say</h3>
    $${list(SAYS)}
    <h3>What this cannot say</h3>
    <div class="caution">$${list(CANNOT_SAY)}</div>
    <h3>Every assumption, with its source and its uncertainty</h3>
    <p>
      A value that was fitted says to what. Those that are this service’s own have taken the place
      of England’s.
    </p>
    $${Object.entries(assumptions)
      .map(([group, members]) => groupHtml(group, members))
      .join('')}
    <h3>The scheme’s own sources and assumptions</h3>
    $${list([...scheme.sources, ...scheme.assumptions])}`;
}

interface Assumption {
  readonly value: unknown;
  readonly unit: string;
  readonly source: string;
  readonly uncertainty: unknown;
  readonly fittedTo?: string;
}

function groupHtml(group: string, members: Readonly<Record<string, Assumption>>): string {
  const rows = Object.entries(members).map(
    ([name, { value, unit, source, uncertainty, fittedTo }]) =>
      html`<tr>
        <th scope="row"><code>$${breakable(name)}</code></th>
        <td class="value" data-is="value">${valueText(value)}</td>
        <td data-is="unit">${unit}</td>
        <td data-is="source">
          ${source}${fittedTo === undefined ? '' : ` (fitted to: ${fittedTo})`}
        </td>
        <td data-is="uncertainty">${uncertaintyText(uncertainty)}</td>
      </tr>`,
  );
  return html`<table class="stack assumptions">
    <caption>
      ${group}
    </caption>
    <thead>
      <tr>
        <th>name</th>
        <th>value</th>
        <th>unit</th>
        <th>source</th>
        <th>uncertainty</th>
      </tr>
    </thead>
    <tbody>
      $${rows.join('')}
    </tbody>
  </table>`;
}

/** May be broken before each capital letter. */
function breakable(name: string): string {
  return name.replace(/(?=[A-Z])/g, '<wbr>');
}

/** A table of values is in the data file, and here only what it is a table of. */
function valueText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    return value.length <= 7
      ? value.join(', ')
      : `${Math.min(...value)} to ${Math.max(...value)} (${value.length} values)`;
  }
  return Object.entries(value as object)
    .map(([name, of]) => (typeof of === 'number' ? `${name} ${of}` : name))
    .join(', ');
}

function uncertaintyText(uncertainty: unknown): string {
  if (typeof uncertainty === 'string') return uncertainty;
  const { low, high, why } = uncertainty as { low: number; high: number; why: string };
  return `${low} to ${high}. ${why}`;
}

function list(lines: readonly string[]): string {
  return html`<ul>
    $${lines.map((line) => html`<li>${line}</li>`).join('')}
  </ul>`;
}
