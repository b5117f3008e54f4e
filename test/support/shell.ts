/** A page's commands, run as a reader types them: in the project's folder, with a home of their own. */
import { spawn } from 'node:child_process';
import { PLAIN_ENV, ROOT } from './cli.js';

export class Shell {
  /** The commands' standard output and error, and those of what goes on in other terminals. */
  output = '';

  constructor(readonly home: string) {}

  /** In a group of its own, so that it ends with what it started. */
  start(command: string) {
    // Debian has Mosquitto where not every user's PATH leads.
    const env = { ...PLAIN_ENV, HOME: this.home, PATH: `${process.env['PATH']}:/usr/sbin` };
    const child = spawn('sh', ['-c', command], { cwd: ROOT, env, detached: true, stdio: 'pipe' });
    child.stdout.on('data', (chunk) => (this.output += chunk));
    child.stderr.on('data', (chunk) => (this.output += chunk));
    return child;
  }

  async run(command: string): Promise<{ code: number | null; said: string }> {
    const before = this.output.length;
    const child = this.start(command);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, said: this.output.slice(before) };
  }
}
