/** Contacts to ground with pull-ups: closed reads low. */
import type { Board } from '../boards/board.js';
import type { Inputs } from '../ports/inputs.js';

export function espruinoInputs(board: Board): Inputs {
  const pins: Pin[] = [];
  for (let i = 0; i < board.inputs.length; i++) {
    const pin = new Pin(board.inputs[i] as string);
    pinMode(pin, 'input_pullup');
    pins.push(pin);
  }
  return {
    isClosed: function (input) {
      return !(pins[input] as Pin).read();
    },
    onChange: function (input, callback) {
      setWatch(
        function (event) {
          callback(!event.state);
        },
        pins[input] as Pin,
        { repeat: true, edge: 'both', debounce: board.debounceMs[input] as number },
      );
    },
  };
}
