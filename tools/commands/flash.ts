/** `flash`: how to put Espruino itself on a board, once its image has been checked. */
import type { Command } from 'commander';
import { checkImage, flashSteps } from '../board/flash.js';
import { say } from './options.js';

interface FlashFlags {
  readonly sha256: string;
  readonly port: string;
  readonly json?: boolean;
}

export function addFlash(program: Command): void {
  program
    .command('flash')
    .description("checks an image of Espruino and prints the steps with the vendor's tool")
    .argument('<image>', 'espruino_esp32.bin of a release, the rest of it beside')
    .requiredOption('--sha256 <hex>', 'hash of the image, from who built it')
    .option('--port <port>', 'the serial port of the board', '/dev/ttyUSB0')
    .option('--json', 'JSON only on standard output')
    .action(flash);
}

function flash(image: string, flags: FlashFlags): void {
  const files = checkImage(image, flags.sha256);
  const steps = flashSteps(files, flags.port);
  const lines = [
    ...files.map(({ path, bytes, sha256 }) => `# ${path}: ${bytes} bytes, SHA-256 ${sha256}`),
    ...steps.map(({ why, command }, i) => `\n# ${i + 1}. ${why}\n${command}`),
  ];
  say(flags, { files, steps }, lines.join('\n'));
}
