/**
 * TCP by the module `net`, and TLS by `tls`. `connect` blocks, and throws where the far end refuses.
 * What is given is the module's own socket, and what the unit made is called by it: no call lies in
 * between.
 */
import type { Net, Socket, SocketEvents } from '../ports/net.js';

/** Files in flash with the unit's own certificate and its key, in DER, where the broker wants one. */
export const CERTIFICATE_FILE = 'tls.cert';
export const KEY_FILE = 'tls.key';

export const espruinoNet: Net = {
  connect: function (host, port, events) {
    try {
      return listen(require('net').connect({ host: host, port: port }, events.onConnect), events);
    } catch (e) {
      return null;
    }
  },
};

/**
 * The interpreter never looks at the server's certificate, and its random numbers can be foretold:
 * this hides the traffic from who only listens, and shows the broker who calls. What the unit trusts
 * is the seal. It takes some 2,700 variables, or as much of other memory.
 * @rare
 */
export function espruinoTls(): Net {
  return {
    connect: function (host, port, events) {
      try {
        const to = withCertificate({ host: host, port: port });
        return listen(require('tls').connect(to, events.onConnect), events);
      } catch (e) {
        return null;
      }
    },
  };
}

/** @rare */
function withCertificate(to: EspruinoTlsOptions): EspruinoTlsOptions {
  const store = require('Storage');
  const certificate = store.read(CERTIFICATE_FILE);
  const key = store.read(KEY_FILE);
  if (certificate && key) {
    to.cert = certificate;
    to.key = key;
  }
  return to;
}

/** @rare */
function listen(opened: EspruinoSocket, events: SocketEvents): Socket {
  const socket = opened as EspruinoSocket & Socket;
  socket.on('data', events.onData);
  // An 'error' without a listener would be an exception; 'close' follows it.
  socket.on('error', ignore);
  socket.on('close', events.onClose);
  socket.close = socket.end;
  return socket;
}

// (Outside, because a function keeps the scope in which it is made.)
function ignore(): void {}
