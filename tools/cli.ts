/** What `npm run tools` starts. */
import { runCommand } from './command-line/run.js';
import { ExitCode } from './exit-codes.js';
import { createTools } from './program.js';

await runCommand(createTools(), process.argv.slice(2), ExitCode);
