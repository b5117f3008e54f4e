/** A Chromium to open a page in, where one is installed: `CHROMIUM` names another. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const TIMEOUT_MS = 60_000;

export function findChromium(): string | null {
  const named = process.env.CHROMIUM;
  return named ?? PLACES.find((place) => existsSync(place)) ?? null;
}

/** The page's document after it has been laid out, and what the browser said on its console. */
export async function openInChromium(
  chromium: string,
  path: string,
  flags: readonly string[] = [],
) {
  const { stdout, stderr } = await promisify(execFile)(
    chromium,
    // A host that resolves to nothing: what a page asks of the network fails, and is told.
    [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr', '--v=0'],
      ...['--host-resolver-rules=MAP * ~NOTFOUND', ...flags, '--dump-dom', `file://${path}`],
    ],
    { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
  );
  return { document: stdout, console: stderr.split('\n').filter((l) => l.includes('CONSOLE')) };
}
