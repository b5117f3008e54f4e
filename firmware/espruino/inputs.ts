/** Contacts to ground with pull-ups: closed reads low. */
import type { Board } from '../boards/board.js';
import type { Inputs } from '../ports/inputs.js';

/** @rare */
export function espruinoInputs(board: Board): Inputs {
  const pins: Pin[] = [];
  for (let i = 0; i < board.inputs.length; i++) {
    const pin = new Pin(board.inputs[i] as string);
    pinMode(pin, 'input_pullup');
    pins.push(pin);
  }
  const callbacks: ((closed: boolean) => void)[] = [];

  function watch(input: number): void {
    setWatch(
      function (event) {
        (callbacks[input] as (closed: boolean) => void)(!event.state);
      },
      pins[input] as Pin,
      { repeat: true, edge: 'both', debounce: board.debounceMs[input] as number },
    );
  }

  return {
    isClosed: function (input) {
      return !(pins[input] as Pin).read();
    },
    onChange: function (input, callback) {
      callbacks[input] = callback;
      watch(input);
    },
    watchAgain: function () {
      // Without an id, all of them: one that has been removed would be an exception.
      clearWatch();
      for (let i = 0; i < callbacks.length; i++) watch(i);
    },
  };
}
