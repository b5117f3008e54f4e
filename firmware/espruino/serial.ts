import type { Board } from '../boards/board.js';
import type { Serial } from '../ports/serial.js';

/**
 * The GPS receiver's line.
 * @rare
 */
export function espruinoSerial(board: Board): Serial {
  Serial2.setup(board.gps.baud, { rx: new Pin(board.gps.rx), tx: new Pin(board.gps.tx) });
  return {
    onData: function (callback) {
      Serial2.removeListener('data', callback);
      Serial2.on('data', callback);
    },
  };
}
