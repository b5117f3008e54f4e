/** Lines of a stream, as they come. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Resolves with the first line for which this is so. @throws if the stream ends without it */
export function linesOf(stream: Readable, isWanted: (line: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      if (isWanted(line)) resolve(line);
    });
    lines.on('close', () => reject(new Error('it ended before')));
  });
}
