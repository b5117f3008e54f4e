/**
 * A thermistor (10 kilohm at 25 °C, B 3950) from an analog pin to ground, and a resistor of 10
 * kilohm from there to the supply: the share of the supply says its resistance.
 */
import type { Board } from '../boards/board.js';
import type { Sensors } from '../ports/sensors.js';

/** Nearer to either rail than this it is cut off, or shorted: -55 and 155 °C are inside. */
export const RAIL_SHARE = 0.005;
const B_KELVIN = 3950;
const ZERO_C_KELVIN = 273.15;

/** @rare */
export function espruinoSensors(board: Board): Sensors {
  return /* @__NOINLINE__ */ sensorsOn(new Pin(board.thermistor));
}

/** @rare */
function sensorsOn(thermistor: Pin): Sensors {
  return {
    temperatureDeciC: function () {
      return thermistorDeciC(analogRead(thermistor));
    },
  };
}

/**
 * Exact to a few tenths between -20 and 60 °C, as the part's tolerance is.
 * @param share of the supply's voltage, 0 to 1
 * @rare
 */
export function thermistorDeciC(share: number): number | null {
  if (!(share > RAIL_SHARE && share < 1 - RAIL_SHARE)) return null;
  const perKelvin = 1 / (ZERO_C_KELVIN + 25) + Math.log(share / (1 - share)) / B_KELVIN;
  return Math.floor((1 / perKelvin - ZERO_C_KELVIN) * 10 + 0.5);
}
