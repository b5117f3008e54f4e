/**
 * TCP by the `net` module. `connect` blocks, and throws where the far end refuses. What is given is
 * the module's own socket, and what the unit made is called by it: no call lies in between.
 */
import type { Net, Socket, SocketEvents } from '../ports/net.js';

export const espruinoNet: Net = {
  connect: function (host, port, events) {
    try {
      return open(host, port, events);
    } catch (e) {
      return null;
    }
  },
};

/** @rare */
function open(host: string, port: number, events: SocketEvents): Socket {
  const to = { host: host, port: port };
  const socket = require('net').connect(to, events.onConnect) as EspruinoSocket & Socket;
  socket.on('data', events.onData);
  // An 'error' without a listener would be an exception; 'close' follows it.
  socket.on('error', ignore);
  socket.on('close', events.onClose);
  socket.close = socket.end;
  return socket;
}

// (Outside, because a function keeps the scope in which it is made.)
function ignore(): void {}
