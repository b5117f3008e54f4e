/** Sees the PUBLISH packets that a broker writes to a stream, in the instant they leave. */
import type { Duplex } from 'node:stream';
import { parser as createParser } from 'mqtt-packet';

/** Changes nothing of what is written. */
export function watchPublishes(
  stream: Duplex,
  onPublish: (topic: string, payload: Buffer) => void,
): void {
  const parser = createParser();
  parser.on('packet', (packet) => {
    if (packet.cmd === 'publish') onPublish(packet.topic, Buffer.from(packet.payload));
  });
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (chunk: Buffer | string, ...rest: unknown[]) => {
    // (The writer hands over text as well as bytes.)
    parser.parse(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk);
    return write(chunk, ...rest);
  };
}
