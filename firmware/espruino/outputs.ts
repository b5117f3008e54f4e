/**
 * Sounder by PWM and lamps. Silent and dark from the moment that this is called. The pins stand
 * outside of the functions, because a function that is made in another keeps all that is known
 * there.
 */
import type { Board } from '../boards/board.js';
import type { Outputs } from '../ports/outputs.js';

let sounder: Pin;
const lamps: Pin[] = [];

const outputs: Outputs = {
  // A square wave is loudest where it is up for half of the time.
  sound: function (frequencyHz, volumePercent) {
    if (frequencyHz > 0) analogWrite(sounder, volumePercent / 200, { freq: frequencyHz });
    else digitalWrite(sounder, 0);
  },
  light: function (lamp, lit) {
    digitalWrite(lamps[lamp] as Pin, lit ? 1 : 0);
  },
};

/** @rare */
export function espruinoOutputs(board: Board): Outputs {
  sounder = outputOn(board.sounder);
  for (let i = 0; i < board.lamps.length; i++) lamps.push(outputOn(board.lamps[i] as string));
  return outputs;
}

/** @rare */
function outputOn(name: string): Pin {
  const pin = new Pin(name);
  pinMode(pin, 'output');
  digitalWrite(pin, 0);
  return pin;
}
