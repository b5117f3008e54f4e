/**
 * An SSD1306 of 128 by 64 dots on I2C, by Espruino's module `SSD1306`, which has to be a file of
 * that name in the unit's flash. Without the module, or without an answer on the bus, there is no
 * display. It takes about 300 variables, and only then.
 */
import type { Board } from '../boards/board.js';
import type { Display } from '../ports/display.js';

const ADDRESS = 0x3c;
/** A command follows; and the one for off. */
const COMMAND = 0;
const OFF = 0xae;
/** 6 dots by 8: as high as its line, and twice as wide where that fits. */
const NARROW = '6x8:1x2';
const WIDE = '6x8:2';
const MAX_WIDE_CHARS = 10;
const LINE_DOTS = 16;
/** Each may block for a second: after so many, it is left alone until the unit restarts. */
const MAX_FAILURES = 5;

/** @rare */
export function espruinoDisplay(board: Board): Display | null {
  const pins = board.display;
  try {
    const driver = require('SSD1306');
    I2C1.setup({ sda: new Pin(pins.sda), scl: new Pin(pins.scl), bitrate: 400000 });
    // Off until the module has set it up. Should nobody answer, the exception is better here than
    // in the module's timers.
    I2C1.writeTo(ADDRESS, [COMMAND, OFF]);
    return /* @__NOINLINE__ */ open(driver);
  } catch (e) {
    return null;
  }
}

/**
 * A function of its own, because what it gives keeps all that is known here.
 * @rare
 */
function open(driver: EspruinoOledDriver): Display {
  let shown = '';
  // None until the module has set the display up.
  let chances = 0;
  const oled = driver.connect(I2C1, function () {
    chances = MAX_FAILURES;
  });
  return {
    show: function (lines) {
      if (chances === 0) return;
      try {
        shown = draw(oled, lines, shown);
      } catch (e) {
        chances--;
      }
    },
  };
}

/**
 * Draws what is not there yet; gives what is there now.
 * @rare
 */
function draw(oled: EspruinoOled, lines: readonly string[], shown: string): string {
  // Never '', so that also the first empty one is drawn.
  let text = ':';
  let longest = 0;
  for (let i = 0; i < lines.length; i++) {
    text += lines[i] + '\n';
    longest = Math.max(longest, (lines[i] as string).length);
  }
  if (text === shown) return shown;
  oled.clear();
  oled.setFont(longest > MAX_WIDE_CHARS ? NARROW : WIDE);
  for (let i = 0; i < lines.length; i++) oled.drawString(lines[i] as string, 0, i * LINE_DOTS);
  oled.flip();
  return text;
}
