import type { Board } from '../boards/board.js';
import type { Serial } from '../ports/serial.js';

/** The GPS receiver's line. */
export function espruinoSerial(board: Board): Serial {
  return {
    onData: function (callback) {
      const pins = { rx: new Pin(board.gps.rx), tx: new Pin(board.gps.tx) };
      Serial2.setup(board.gps.baud, pins);
      Serial2.on('data', callback);
    },
  };
}
