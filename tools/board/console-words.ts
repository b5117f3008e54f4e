/**
 * The words between a program and Espruino's console over a line that may lose and invent bytes.
 * Rule: the board does nothing that it was told unless the checksum of what it was told is right; it
 * does that once, however often it is told; and nothing it says counts unless its checksum is right.
 */
import { crc32 } from 'node:zlib';

export const CTRL_C = '\x03';
/** Empties the input line, whatever noise has put there. */
const CLEAR_LINE = '\x1b[2H';
/** First on a line: this line is not echoed. */
const NO_ECHO = '\x10';

/** One line at the prompt. */
export function lineOf(statement: string): string {
  return `${CLEAR_LINE}${NO_ECHO}${statement}\n`;
}

/** A question that is short and needs no lesson: there are interpreters that lose long lines. */
export const VERSION_QUESTION = lineOf('print("#V"+process.version+"#")');
/** What its answer begins with, however the rest may be spoilt. */
export const VERSION_MARK = '#V';

export function versionIn(heard: string): string | null {
  return /#V(\d+v\d+(?:\.\d+)?)#/.exec(heard)?.[1] ?? null;
}

export const PASSWORD_PROMPT = 'password>';
/** Whether the console has answered a password, one way or the other. */
export function isPasswordJudged(heard: string): boolean {
  return heard.includes('Logged in') || heard.includes('Invalid password');
}

/** What a board says that has heard something spoilt. */
export const SPOILT = '#?#';

/**
 * What the board is taught first. `$r` does what it is told, unless it has done so already, and
 * answers; `$w` writes a piece of a file, unless it is there, and gives the checksum of what is
 * there then. `S` is its flash.
 */
const LESSON =
  '($i=-1,$a="",S=require("Storage"),' +
  '$r=function(i,c,t){if(i<$i)return;if(i!==$i){if(E.CRC32(t)!==c){print("\\n' +
  SPOILT +
  '");return}' +
  '$i=i;try{$a="="+JSON.stringify(eval(t))}catch(x){$a="!"+x}}' +
  't=i+":"+$a;print("\\n#"+t+":"+E.CRC32(t)+"#")},' +
  '$w=function(n,o,z,d){d=atob(d);if(S.read(n,o,d.length)!==d)S.write(n,d,o,z);' +
  'return E.CRC32(S.read(n,o,d.length))},1)';

export const LESSON_LINE = lineOf(
  `$s=${JSON.stringify(LESSON)};if(E.CRC32($s)===${crc32(LESSON)})print("#T"+eval($s)+"#")`,
);
export const LESSON_TAKEN = '#T1#';
/** Gives the lesson's memory back, and locks the console if it has a password. */
export const FORGET_LINE = lineOf(
  '["$i","$a","$r","$w","$s","S"].forEach(function(n){delete global[n]});E.lockConsole()',
);

/** Has the board evaluate an expression once, and say its value, which goes through JSON. */
export function questionLine(id: number, expression: string): string {
  return lineOf(`$r(${id},${crc32(expression)},${JSON.stringify(expression)})`);
}

/**
 * The answer to a question, if it stands there whole: `#ID:ANSWER:CRC#`, of which CRC is right.
 * @returns `=` and JSON, or `!` and what the expression threw
 */
export function answerIn(heard: string, id: number): string | null {
  const opening = `#${id}:`;
  for (let from = heard.indexOf(opening); from >= 0; from = heard.indexOf(opening, from + 1)) {
    for (let end = heard.indexOf('#', from + 1); end >= 0; end = heard.indexOf('#', end + 1)) {
      const colon = heard.lastIndexOf(':', end);
      const said = heard.slice(from + 1, colon);
      if (colon > from && heard.slice(colon + 1, end) === String(crc32(said))) {
        return said.slice(opening.length - 1);
      }
    }
  }
  return null;
}

/** Of an answer that begins with `=`. */
export function valueIn(answer: string): unknown {
  const json = answer.slice(1);
  return json === 'undefined' ? undefined : JSON.parse(json);
}
