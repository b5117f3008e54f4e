/**
 * What the interpreter's build for Linux lacks and the bundle needs: pins, watches, PWM, WiFi, the
 * watchdog, a path for the serial line; and the line to the bench. It is loaded before the boot
 * code, which does not see a difference. Written for the interpreter: no hoisting, no ES6, and no
 * name of one letter where an expression of the bench may look for a name of the bundle.
 *
 * The bench says, a line each: `i PIN 0|1` a contact, `a PIN SHARE` a voltage, `f 0|1` WiFi in the air, `? EXPRESSION`,
 * `! EXPRESSION` without an answer. The unit says: `t TIME` at its start, `o PIN LEVEL HZ TIME` an
 * output, `w SECONDS` watchdog armed, `k` kicked, `s` GPS line open, `u ERROR` one that nothing
 * caught, and to each question `+ JSON` or `- ERROR`. Times are seconds by its own clock. When the
 * bench is gone, however it ended, the interpreter ends too: it would spin for ever.
 */

/** What a boot finds; see `shim`. */
export interface Surroundings {
  /** Where the bench listens, on loopback. */
  readonly port: number;
  /** Pins whose contacts are closed to ground. */
  readonly low: Readonly<Record<string, boolean>>;
  /** Voltages on analog inputs, as shares of the supply. */
  readonly levels: Readonly<Record<string, number>>;
  /** Whether the vehicle's WiFi is in the air. */
  readonly air: boolean;
}

/** A file in the interpreter's folder, and an expression of what stands there. */
export const SURROUNDINGS_FILE = 'bench.json';
export const SURROUNDINGS = `JSON.parse(require("fs").readFileSync("${SURROUNDINGS_FILE}"))`;

/** The pseudo-terminal of the GPS receiver, in the interpreter's folder. */
export const GPS_FILE = 'gps';

/** @param surroundings an expression of `Surroundings` */
export function shim(surroundings: string): string {
  return `(function () {
  var heard = "", found = ${surroundings}, watches = {}, joined = false, kickedS = 0;
  var line = require("net").connect({ host: "127.0.0.1", port: found.port }, function () {});
  function say(text) { line.write(text + "\\n"); }
  function drive(pin, level, hz) { say("o " + pin.n + " " + level + " " + hz + " " + getTime()); }
  function settle(watch, name) {
    watch.t = undefined;
    if (watch.l === found.low[name]) return;
    watch.l = found.low[name];
    watch.c({ state: !watch.l, time: getTime(), pin: watch.p });
  }
  function contact(name, isLow) {
    var watch = watches[name];
    found.low[name] = isLow;
    if (!watch) return;
    if (watch.t) clearTimeout(watch.t);
    watch.t = setTimeout(function () { settle(watch, name); }, watch.d);
  }
  function take(text) {
    var kind = text.charAt(0), rest = text.substr(2);
    if (kind === "i") contact(rest.split(" ")[0], rest.split(" ")[1] === "0");
    else if (kind === "a") found.levels[rest.split(" ")[0]] = +rest.split(" ")[1];
    else if (kind === "f") { found.air = rest === "1"; if (!found.air) joined = false; }
    else if (kind === "!") eval(rest);
    else if (kind === "?") {
      try { say("+ " + JSON.stringify(eval(rest))); } catch (fault) { say("- " + fault); }
    }
  }
  function hear(bytes) {
    var lines = (heard + bytes).split("\\n");
    heard = lines.pop();
    for (var at = 0; at < lines.length; at++) take(lines[at]);
  }
  line.on("data", hear);
  line.on("close", function () { quit(); });
  global.Pin = function (name) { this.n = name; };
  Pin.prototype.read = function () { return !found.low[this.n]; };
  global.pinMode = function () {};
  global.digitalWrite = function (pin, value) { drive(pin, value ? 1 : 0, 0); };
  global.analogWrite = function (pin, duty, options) {
    drive(pin, duty > 0 ? 1 : 0, duty > 0 ? options.freq : 0);
  };
  global.analogRead = function (pin) { return found.levels[pin.n] || 0; };
  global.clearWatch = function () { watches = {}; };
  global.setWatch = function (callback, pin, options) {
    var isLow = !!found.low[pin.n];
    found.low[pin.n] = isLow;
    watches[pin.n] = { p: pin, c: callback, d: options.debounce, l: isLow, t: undefined };
  };
  global.$wifi = {
    connect: function (ssid, options, callback) {
      if (found.air) { joined = true; setTimeout(callback, 50); }
    },
    getIP: function () { return joined && found.air ? { ip: "127.0.0.1" } : {}; }
  };
  Modules.addCached("Wifi", "exports=$wifi;");
  E.enableWatchdog = function (seconds) { kickedS = getTime(); say("w " + seconds); };
  E.kickWatchdog = function () {
    if (getTime() - kickedS <= 1) return;
    kickedS = getTime();
    // Memory that runs out takes listeners with it: the bench must stay within reach.
    line.removeListener("data", hear);
    line.on("data", hear);
    say("k");
  };
  var setup = Serial2.setup;
  Serial2.setup = function (baud, options) {
    options.path = "${GPS_FILE}";
    setup.call(Serial2, baud, options);
    say("s");
  };
  process.on("uncaughtException", function (fault) { say("u " + ("" + fault).split("\\n")[0]); });
  say("t " + getTime());
})();`;
}
