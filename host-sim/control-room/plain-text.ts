/** Text as a unit's display has it, cut so that a reader sees that something is missing. */

/** Plain text as SPEC CR-015 has it: accents go, quotation marks become apostrophes. */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/["“”‘’\\]/g, "'")
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]/g, '?')
    .trim();
}

/** Of plain text that goes on. */
const MARK = '..';

/** After the last whole word that fits, with a mark; within a word that alone is too long. */
export function shortened(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const room = maxChars - MARK.length;
  const lastBlank = text.lastIndexOf(' ', room);
  return text.slice(0, lastBlank > room / 2 ? lastBlank : room) + MARK;
}
