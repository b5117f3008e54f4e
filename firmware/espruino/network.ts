/** The vehicle's WiFi. Its events may be lost, so its state is asked for. */
import type { Network } from '../ports/network.js';

export const espruinoNetwork: Network = {
  join: function (ssid, password) {
    require('Wifi').connect(ssid, { password: password }, function () {});
  },
  isUp: function () {
    const ip = require('Wifi').getIP().ip;
    return ip !== undefined && ip !== '0.0.0.0';
  },
};
