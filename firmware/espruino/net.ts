/** TCP by the `net` module. `connect` blocks, and throws where the far end refuses. */
import type { Net, SocketEvents } from '../ports/net.js';

export const espruinoNet: Net = {
  connect: function (host, port, events) {
    try {
      return open(host, port, events);
    } catch (e) {
      return null;
    }
  },
};

function open(host: string, port: number, events: SocketEvents) {
  let closed = false;
  const socket = require('net').connect({ host: host, port: port }, function () {
    events.onConnect();
  });
  socket.on('data', function (bytes) {
    events.onData(bytes);
  });
  // An 'error' without a listener would be an exception; 'close' follows it.
  socket.on('error', function () {});
  socket.on('close', function () {
    if (!closed) events.onClose();
    closed = true;
  });
  return {
    write: function (bytes: string) {
      if (!closed) socket.write(bytes);
    },
    close: function () {
      if (!closed) socket.end();
      closed = true;
    },
  };
}
