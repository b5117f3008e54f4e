import type { Board } from '../boards/board.js';
import type { Serial } from '../ports/serial.js';

/**
 * The GPS receiver's line.
 * @rare
 */
export function espruinoSerial(board: Board): Serial {
  Serial2.setup(board.gps.baud, { rx: new Pin(board.gps.rx), tx: new Pin(board.gps.tx) });
  return { onData: listen };
}

/**
 * The line of a reader of tags.
 * @rare
 */
export function espruinoTags(board: Board): Serial {
  Serial3.setup(board.tagReader.baud, { rx: new Pin(board.tagReader.rx) });
  return { onData: listenToTags };
}

// (Outside, because a function keeps the scope in which it is made: that was the whole board.)
function listen(callback: (bytes: string) => void): void {
  Serial2.removeListener('data', callback);
  Serial2.on('data', callback);
}

function listenToTags(callback: (bytes: string) => void): void {
  Serial3.removeListener('data', callback);
  Serial3.on('data', callback);
}
