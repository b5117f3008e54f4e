/**
 * A chart as still SVG, drawn twice: for a wide page and for a telephone, of which a style sheet
 * shows one. No script and no network: whoever opens the page has all of it. Colours are the page's
 * own variables, so that light, dark and print need no third drawing.
 */
import { plot, type PlotOptions } from '@observablehq/plot';
import html from 'html-template-tag';
import { parseHTML } from 'linkedom';

const WIDE_PX = 920;
const NARROW_PX = 360;

export interface Figure {
  readonly title: string;
  /** What is to be seen in it, in a sentence, for those who cannot see it too. */
  readonly says: string;
  draw(widthPx: number, isNarrow: boolean): PlotOptions;
}

export function figureHtml({ title, says, draw }: Figure): string {
  const wide = svg(title, draw(WIDE_PX, false), WIDE_PX);
  const narrow = svg(title, draw(NARROW_PX, true), NARROW_PX);
  return html`<figure>
    <figcaption><strong>${title}.</strong> ${says}</figcaption>
    <div class="wide">$${wide}</div>
    <div class="narrow" aria-hidden="true">$${narrow}</div>
  </figure>`;
}

function svg(title: string, options: PlotOptions, width: number): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = plot({ ...options, document, width, ariaLabel: title });
  drawn.setAttribute('role', 'img');
  return drawn.outerHTML;
}
