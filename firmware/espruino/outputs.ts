/** Sounder by PWM and lamps. Silent and dark from the moment that this is called. */
import type { Board } from '../boards/board.js';
import type { Outputs } from '../ports/outputs.js';

/** @rare */
export function espruinoOutputs(board: Board): Outputs {
  const sounder = new Pin(board.sounder);
  const lamps: Pin[] = [];
  pinMode(sounder, 'output');
  digitalWrite(sounder, 0);
  for (let i = 0; i < board.lamps.length; i++) {
    const lamp = new Pin(board.lamps[i] as string);
    pinMode(lamp, 'output');
    digitalWrite(lamp, 0);
    lamps.push(lamp);
  }
  return {
    sound: function (frequencyHz) {
      if (frequencyHz > 0) analogWrite(sounder, 0.5, { freq: frequencyHz });
      else digitalWrite(sounder, 0);
    },
    light: function (lamp, lit) {
      digitalWrite(lamps[lamp] as Pin, lit ? 1 : 0);
    },
  };
}
