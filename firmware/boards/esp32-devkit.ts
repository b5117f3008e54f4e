/**
 * ESP32-DevKitC with a WROOM-32 module.
 *
 * Left alone: D0, D2, D5, D12, D15 (read at reset), D6 to D11 (flash), D25 and D26 (no PWM),
 * D34 to D39 but one (no pull-up). Almost every pin is pulled up at
 * reset: the sounder's driver needs a pull-down of its own.
 * (A function, because a board is needed at a start alone.)
 */
import type { Board } from './board.js';

/** @rare */
export function esp32DevKit(): Board {
  return {
    name: 'esp32-devkit',
    gps: { rx: 'D16', tx: 'D17', baud: 9600 },
    sounder: 'D27',
    lamps: ['D18', 'D19', 'D23'],
    thermistor: 'D36',
    tagReader: { rx: 'D33', baud: 9600 },
    display: { sda: 'D21', scl: 'D22' },
    inputs: ['D13', 'D14', 'D4', 'D32'],
    debounceMs: [50, 50, 2000, 20],
  };
}
