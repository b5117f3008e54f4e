/** Rules on the text that goes into the flash, as a whole. */
import type { Rule } from './rule.js';

const ascii: Rule = {
  id: 'non-ascii',
  check({ source, options }) {
    if (options.flashBytes === undefined) return [];
    const at = [...source].findIndex((character) => character > '\x7e');
    if (at < 0) return [];
    const code = (source.codePointAt(at) ?? 0).toString(16);
    return [
      {
        at,
        found: `the character U+${code.padStart(4, '0').toUpperCase()}, more than one byte in the file`,
        instead: 'an escape such as \\xE9',
      },
    ];
  },
};

export const sizeRule: Rule = {
  id: 'budget',
  check({ source, options }) {
    const bytes = Buffer.byteLength(source);
    const most = options.flashBytes ?? Infinity;
    if (bytes <= most) return [];
    return [
      {
        at: 0,
        found: `${bytes} bytes, ${bytes - most} over the budget of ${most}`,
        instead: 'less code, or a higher minifiedBytes in firmware/budget.json, with the reason',
      },
    ];
  },
};

export const textRules: Rule[] = [ascii, sizeRule];
