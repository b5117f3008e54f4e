/** The way over real TCP, on loopback. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RealClock } from '../../../host-sim/world/clock.js';
import type { Connection } from '../../../host-sim/world/connection.js';
import { createTcpLink, type TcpLink } from '../../../host-sim/world/tcp.js';

interface World {
  readonly link: TcpLink;
  readonly sockets: Socket[];
  readonly server: Server;
  readonly seen: string[];
  dial(port?: number): Connection;
  /** Waits until both ends have said this much, one after the other. */
  until(what: string): Promise<void>;
  close(): Promise<void>;
}

async function createWorld(): Promise<World> {
  const clock = new RealClock();
  const seen: string[] = [];
  let wake = () => {};
  const note = (what: string) => {
    seen.push(what);
    wake();
  };
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    note('reached');
    socket.on('data', (bytes) => note(`far ${bytes.toString('latin1')}`));
    socket.on('close', () => note('far closed'));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const link = createTcpLink(clock, { connectTimeoutMs: 20 });
  return {
    link,
    sockets,
    server,
    seen,
    dial: (port = (server.address() as AddressInfo).port) => {
      const connection = link.dial('127.0.0.1', port) as Connection;
      connection.listen({
        onOpen: () => note('open'),
        onData: (bytes) => note(`near ${bytes}`),
        onClose: () => note('near closed'),
      });
      return connection;
    },
    until: async (what) => {
      while (!seen.includes(what)) await new Promise<void>((resolve) => (wake = resolve));
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      clock.stop();
    },
  };
}

test('carries bytes both ways, and the end', async () => {
  const world = await createWorld();
  const connection = world.dial();
  await world.until('open');
  connection.write('\xff\0up');
  await world.until('far \xff\0up');
  world.sockets[0]?.write(Buffer.from([0xfe, 0]));
  await world.until('near \xfe\0');
  world.sockets[0]?.end();
  await world.until('near closed');
  await world.close();
});

test('a refused connection closes', async () => {
  const world = await createWorld();
  const { port } = world.server.address() as AddressInfo;
  await world.close();
  world.dial(port);
  await world.until('near closed');
  assert.not.ok(world.seen.includes('open'));
});

test('a unit that vanished is not noticed, until the far end closes', async () => {
  const world = await createWorld();
  const connection = world.dial();
  await world.until('open');
  await world.until('reached');
  connection.vanish();
  world.sockets[0]?.write('anyone?');
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(world.seen.sort(), ['open', 'reached']);
  await world.close();
});

test('down, nothing passes and nobody is told; connecting fails after a time', async () => {
  const world = await createWorld();
  const connection = world.dial();
  await world.until('open');
  world.link.setUp(false);
  connection.write('lost');
  world.sockets[0]?.write('lost');
  world.dial();
  await world.until('near closed');
  assert.equal(world.seen.sort(), ['near closed', 'open', 'reached']);
  world.link.setUp(true);
  world.dial();
  await new Promise((resolve) => setTimeout(resolve, 15));
  assert.is(world.seen.filter((what) => what === 'open').length, 2);
  await world.close();
});

test.run();
