/** The bench's commands. Here they are only parsed and wired; each has a file of its own. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ExitCode, UserError } from './exit-codes.js';

function integer(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

const MAX_SEED = 2 ** 31 - 1;
const seed = () => new Option('--seed <n>', 'seed of all chance').argParser(integer(0, MAX_SEED));
const json = () => new Option('--json', 'JSON only on standard output');
const broker = () => new Option('--broker <url>', 'a broker to use, as mqtt://host:port');
const bundle = () => new Option('--bundle <file>', "the unit's bundle, if not the one just built");

const interpreter = () =>
  new Option('--interpreter <file>', 'a real Espruino for the units to run on, in real time');

const program = new Command('sim')
  .description('the bench: a broker, a control room and virtual vehicles that run the unit bundle')
  .exitOverride();

program
  .command('start')
  .description('the bench in real time, with a live line for each event, until Ctrl-C')
  .option('--port <n>', 'port of the embedded broker on loopback', integer(0, 65535), 1883)
  .addOption(broker())
  .option('--vehicles <n>', 'how many vehicles', integer(1, 100), 3)
  .option('--fleet <file>', "units that fleet export wrote, instead of the bench's own")
  .option('--gps <file>', "a GPS receiver's recorded log for the first vehicle")
  .addOption(interpreter())
  .addOption(seed())
  .addOption(bundle())
  .addOption(json())
  .action(async (options) => (await import('./commands/start.js')).start(options));

program
  .command('run')
  .description('one scenario; in simulated time, or in real time on --broker or --interpreter')
  .argument('<file>', 'scenario, or the name of one of host-sim/scenarios')
  .addOption(seed())
  .addOption(broker())
  .addOption(interpreter())
  .addOption(bundle())
  .option('--ledger', 'what the control room did and learnt, in lines, and nothing else')
  .addOption(json())
  .action(async (file, options) => (await import('./commands/run.js')).run(file, options));

program
  .command('gps')
  .description("feeds a GPS receiver's recorded log through the unit and prints each fix")
  .argument('<file>', 'log as the receiver sent it')
  .addOption(interpreter())
  .addOption(bundle())
  .addOption(json())
  .action(async (file, options) => (await import('./commands/gps.js')).gps(file, options));

program
  .command('budget')
  .description('what the unit takes of an interpreter, against firmware/budget.json')
  .requiredOption('--interpreter <file>', 'a real Espruino with the memory layout of an ESP32')
  .option('--minutes <n>', 'length of the run with all queues full', positive, 10)
  .option('--no-stack', 'leave out the search for the smallest stack')
  .addOption(bundle())
  .addOption(json())
  .action(async (options) => (await import('./commands/budget.js')).budget(options));

program
  .command('bench')
  .description('figures as ratios within one interleaved run')
  .option('--rounds <n>', 'rounds', integer(7, 1000), 9)
  .option('--messages <n>', 'messages a round', integer(1, 1000), 30)
  .option('--interpreter <file>', 'a real Espruino, else the one that ESPRUINO names if it is set')
  .option('--peer-mqtt <file>', "Espruino's module MQTT.js, for the rows beside it")
  .option('--peer-gps <file>', "Espruino's module GPS.js, for the row beside it")
  .addOption(bundle())
  .addOption(json())
  .action(async (options) => (await import('./commands/bench.js')).bench(options));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UserError) {
    console.error(`sim: ${error.message}`);
    process.exitCode = ExitCode[error.exit];
  } else if (error instanceof CommanderError) {
    // Commander has printed its line; --help ends well, anything else is a usage error.
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  } else {
    throw error;
  }
}
