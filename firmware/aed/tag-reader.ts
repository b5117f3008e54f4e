/**
 * What a reader of 125 kHz tags says on its line (RDM6300 and its like, 9600 baud): STX, ten hex digits
 * of the tag, two of a checksum that XORs its five bytes, ETX. It says so again and again while the tag
 * is there. Anything else is noise.
 */

/** Between STX and ETX. */
const FRAME_CHARS = 12;
const TAG_CHARS = 10;
const STX = '\x02';
const ETX = '\x03';

export interface TagReader {
  /** What came since the last STX; '' while none did. */
  frame: string;
}

/** @rare */
export function createTagReader(): TagReader {
  return { frame: '' };
}

/**
 * Takes what came from the line, cut anywhere; gives the last tag that was whole in it, '' for none.
 * @rare
 */
export function feedTagReader(reader: TagReader, bytes: string): string {
  let tag = '';
  for (let i = 0; i < bytes.length; i++) {
    const char = bytes.charAt(i);
    if (char === STX) reader.frame = STX;
    else if (reader.frame === '') continue;
    else if (char === ETX) {
      tag = tagIn(reader.frame.substr(1)) || tag;
      reader.frame = '';
    } else reader.frame = reader.frame.length > FRAME_CHARS ? '' : reader.frame + char;
  }
  return tag;
}

/**
 * The tag of a frame, '' if it is not whole.
 * @rare
 */
function tagIn(frame: string): string {
  if (frame.length !== FRAME_CHARS) return '';
  let sum = 0;
  for (let i = 0; i < FRAME_CHARS; i += 2) {
    // The 1 before the two digits: else `5G` would pass for 05.
    const byte = parseInt('1' + frame.substr(i, 2), 16);
    if (!(byte >= 256)) return '';
    sum ^= byte & 255;
  }
  return sum === 0 ? frame.substr(0, TAG_CHARS) : '';
}
