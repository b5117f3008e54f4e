/** The report's style: light, dark and on paper; a wide page and a telephone. */

const LIGHT = `
  --paper: #ffffff; --panel: #f5f7f9; --ink: #16202a; --muted: #5b6875; --line: #d9dfe5;
  --unit: #b4231f; --ambulance: #2166a8; --quiet: #cbd5de; --dot: #16202a; --halo: rgba(255,255,255,.85);
  --wave-0: #f2a65a; --wave-1: #e9f6d8; --wave-2: #cfebc6; --wave-3: #b2dfc0; --wave-4: #93d1c2;
  --wave-5: #74c0c8; --wave-6: #5babc9; --wave-7: #5b93c4; --wave-8: #6e7dbc; --wave-9: #8568b0;`;

const DARK = `
  --paper: #11171d; --panel: #1a222a; --ink: #e8edf2; --muted: #9aa7b4; --line: #303b46;
  --unit: #ff7b72; --ambulance: #79b8ff; --quiet: #3c4854; --dot: #f4f7fa; --halo: rgba(10,14,18,.8);
  --wave-0: #b5651d; --wave-1: #5c7a3f; --wave-2: #4a7a52; --wave-3: #3b7761; --wave-4: #2f726c;
  --wave-5: #2a6b78; --wave-6: #2d6080; --wave-7: #385485; --wave-8: #484983; --wave-9: #593d7c;`;

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p, li { max-width: 46rem; }
.muted, figcaption, caption { color: var(--muted); }
nav { margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
a { color: inherit; text-underline-offset: .2em; }
.figures { display: grid; gap: .75rem; margin: 1.5rem 0 0; padding: 0; list-style: none;
  grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
.figures li { background: var(--panel); border-radius: .5rem; padding: .75rem 1rem; }
.figures strong { display: block; font-size: 1.6rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.figures small { color: var(--muted); display: block; }
.caution { background: var(--panel); border-left: .3rem solid var(--unit); padding: .75rem 1rem; margin: 1rem 0; }
figure { margin: 1.25rem 0 0; }
figcaption { max-width: 46rem; margin-bottom: .5rem; font-size: .9rem; }
figcaption strong { color: var(--ink); }
figure svg { max-width: 100%; height: auto; overflow: visible; background: none; --plot-background: var(--paper); }
.narrow { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; margin: .5rem 0; }
caption { text-align: left; padding-bottom: .25rem; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--muted); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
.n { text-align: right; white-space: nowrap; }
.date, tbody th { white-space: nowrap; }
.assumptions tbody th { white-space: normal; }
.assumptions th:first-child { width: 9rem; } .assumptions code { overflow-wrap: normal; }
.assumptions .value { width: 6rem; }
.counts { max-width: 40rem; } .counts .n { width: 6rem; }
.wrap thead th { white-space: normal; vertical-align: bottom; }
.group { padding-top: 1rem; color: var(--muted); font-weight: 600; white-space: normal !important; }
.bad { color: var(--unit); font-weight: 600; } .checks tbody th { white-space: normal; }
.checks small { display: block; color: var(--muted); max-width: 24rem; }
.counts tbody th { white-space: normal; }
.swatch { display: inline-block; width: .8rem; height: .8rem; border-radius: .2rem; margin-right: .5rem; vertical-align: -.05rem; }
code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: .85em; overflow-wrap: anywhere; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; color: var(--muted); font-size: .85rem; }
@media (max-width: 46rem) {
  .wide { display: none; } .narrow { display: block; } .narrow svg { width: 100%; }
  .assumptions th:first-child, .assumptions .value { width: auto; }
  h1 { font-size: 1.4rem; }
  tbody th { white-space: normal; }
  .stack thead { display: none; }
  .stack tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stack th, .stack td { display: block; border: 0; padding: .05rem 0; text-align: left; }
  .stack td::before { content: attr(data-is) ": "; color: var(--muted); }
}
@media print {
  :root { ${LIGHT} }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } nav { display: none; }
  .wide { display: block; } .narrow { display: none; }
  h2, h3, caption { break-after: avoid; } .figures { grid-template-columns: repeat(4, 1fr); }
  figure, tr, .figures li { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 15mm; }
}
`;
