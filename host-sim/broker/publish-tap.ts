/** Sees the PUBLISH packets that a broker writes to a stream, in the instant they leave. */
import type { Duplex } from 'node:stream';
import { parser as createParser, type Parser } from 'mqtt-packet';

type Write = (chunk: Buffer | string, encoding?: unknown, done?: unknown) => boolean;

/**
 * Changes nothing of what is written.
 * @param isWatched asked at each writing: while nobody looks, nothing is read
 */
export function watchPublishes(
  stream: Duplex,
  isWatched: () => boolean,
  onPublish: (topic: string, payload: Buffer) => void,
): void {
  let parser: Parser | null = null;
  const write = stream.write.bind(stream) as Write;
  stream.write = ((chunk, encoding, done) => {
    // (A packet is written in one go, so that whoever begins to look sees whole ones.)
    if (isWatched()) {
      parser ??= parserOf(onPublish);
      // (The writer hands over text as well as bytes.)
      parser.parse(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk);
    }
    return write(chunk, encoding, done);
  }) as Write;
}

function parserOf(onPublish: (topic: string, payload: Buffer) => void): Parser {
  const parser = createParser();
  parser.on('packet', (packet) => {
    if (packet.cmd === 'publish') onPublish(packet.topic, Buffer.from(packet.payload));
  });
  return parser;
}
