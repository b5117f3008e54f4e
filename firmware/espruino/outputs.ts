/** Sounder by PWM and lamps. Silent and dark from the moment that this is called. */
import type { Board } from '../boards/board.js';
import type { Outputs } from '../ports/outputs.js';

/** @rare */
export function espruinoOutputs(board: Board): Outputs {
  const sounder = outputOn(board.sounder);
  const lamps: Pin[] = [];
  for (let i = 0; i < board.lamps.length; i++) lamps.push(outputOn(board.lamps[i] as string));
  return /* @__NOINLINE__ */ drive(sounder, lamps);
}

/** @rare */
function outputOn(name: string): Pin {
  const pin = new Pin(name);
  pinMode(pin, 'output');
  digitalWrite(pin, 0);
  return pin;
}

/**
 * A function of its own, because what it gives keeps all that is known here.
 * @rare
 */
function drive(sounder: Pin, lamps: Pin[]): Outputs {
  return {
    // A square wave is loudest where it is up for half of the time.
    sound: function (frequencyHz, volumePercent) {
      if (frequencyHz > 0) analogWrite(sounder, volumePercent / 200, { freq: frequencyHz });
      else digitalWrite(sounder, 0);
    },
    light: function (lamp, lit) {
      digitalWrite(lamps[lamp] as Pin, lit ? 1 : 0);
    },
  };
}
