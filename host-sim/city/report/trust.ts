/**
 * How far the page can be trusted: published figures beside this run's, each with what it is worth. A
 * figure to which an assumption was fitted stands apart, so that nobody takes it for evidence.
 */
import html from 'html-template-tag';
import type { Published } from '../../schemes/schema.js';
import type { Assumptions } from '../assumptions.js';
import type { Check } from '../statistics/validation.js';
import type { Statistics } from '../statistics.js';
import { duration, oneDecimal, UNKNOWN, withInterval } from './words.js';

export const USES: Readonly<Record<Published['use'], string>> = {
  predicted: 'Predicted: nothing in this simulation was chosen by it.',
  fitted: 'Fitted: an assumption was chosen so that it comes out. It proves nothing.',
  given: 'Given: it is itself an assumption. That it comes out shows only that nothing went wrong.',
};

const KINDS = { forecast: 'with a forecast', elsewhere: 'with another place' } as const;

export const VERDICT = { yes: 'agrees', no: 'does not agree', unknown: 'not in this run' } as const;

export function verdictOf({ agrees, use }: Check): string {
  if (use !== 'predicted') return use;
  return agrees === null ? VERDICT.unknown : agrees ? VERDICT.yes : VERDICT.no;
}

/** How a figure of that kind is written. */
export function writeOf({ measure }: Pick<Published, 'measure'>): (n: number) => string {
  if (measure.endsWith('Share')) return (n) => `${(100 * n).toFixed(1)} %`;
  if (measure.endsWith('MeanS')) return duration;
  return measure === 'treatedArrestsPerYear' ? (n) => n.toFixed(0) : oneDecimal;
}

export function publishedText({ value, low, high, measure }: Check): string {
  const write = writeOf({ measure });
  if (low === undefined || high === undefined) return write(value);
  return withInterval({ value, low, high }, write);
}

export function simulatedText({ simulated, measure }: Check): string {
  return simulated ? withInterval(simulated, writeOf({ measure })) : UNKNOWN;
}

/** In one sentence, for who reads no further. */
export function trustSentence({ validation }: Statistics): string {
  const predicted = validation.filter(({ agrees }) => agrees !== null);
  const good = predicted.filter(({ agrees }) => agrees === true);
  if (predicted.length === 0) return 'Nothing that is published about it could be compared.';
  const counted = predicted.filter(({ kind }) => kind === 'counted').length;
  const were =
    counted === 0 ? 'none of them was' : `${counted} of them ${counted === 1 ? 'was' : 'were'}`;
  return `Of ${predicted.length} published figures that it predicts, ${good.length} agree with it; ${were} counted in this scheme.`;
}

export function trustHtml({ validation }: Statistics, assumptions: Assumptions): string {
  const groups = (['predicted', 'fitted', 'given'] as const).flatMap((use) => {
    const checks = validation.filter((check) => check.use === use);
    return checks.length > 0 ? [groupHtml(USES[use], checks)] : [];
  });
  const table = html`<table class="stack wrap checks">
    <thead>
      <tr>
        <th>figure</th>
        <th class="n">published</th>
        <th class="n">here, with 95 % by chance</th>
        <th>verdict</th>
      </tr>
    </thead>
    $${groups.join('')}
  </table>`;
  const fitted = fittedOf(assumptions).map(
    ([name, to]) => html`<li><code>${name}</code>: ${to}</li>`,
  );
  return html`$${validation.length > 0 ? table : '<p>Nothing is published about this scheme.</p>'}
    <p>
      Two figures agree where their ranges meet. A figure that does not agree is a limit of this
      simulation, and is left as it is: to fit it as well would hide that.
    </p>
    <h3>What was fitted</h3>
    <ul>
      $${fitted.join('')}
    </ul>`;
}

function groupHtml(title: string, checks: readonly Check[]): string {
  const rows = checks.map(
    (check) =>
      html`<tr>
        <th scope="row">${check.what}<small>${check.source}</small></th>
        <td class="n" data-is="published">${publishedText(check)}</td>
        <td class="n" data-is="here">${simulatedText(check)}</td>
        <td data-is="verdict" class="${check.agrees === false ? 'bad' : ''}">
          ${verdictOf(check)}<small>${noteOf(check)}</small>
        </td>
      </tr>`,
  );
  return html`<tbody>
    <tr>
      <th colspan="4" class="group">${title}</th>
    </tr>
    $${rows.join('')}
  </tbody>`;
}

function noteOf({ kind, assumption }: Check): string {
  return assumption ?? (kind === 'counted' ? '' : KINDS[kind]);
}

/** The assumptions that were fitted, by their whole name, and to what. */
export function fittedOf(assumptions: Assumptions): [name: string, to: string][] {
  return Object.entries(assumptions).flatMap(([group, members]) =>
    Object.entries(members as Record<string, { fittedTo?: string }>).flatMap(
      ([name, { fittedTo }]): [string, string][] =>
        fittedTo === undefined ? [] : [[`${group}.${name}`, fittedTo]],
    ),
  );
}
