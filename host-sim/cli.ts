/** The bench's commands. Here they are only parsed and wired; each has a file of its own. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { integer } from '../tools/command-line/options.js';
import { runCommand } from '../tools/command-line/run.js';
import { ExitCode } from './exit-codes.js';

function date(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('Expected a date such as 2017-07-10.');
  }
  return text;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function integers(least: number, most: number) {
  const one = integer(least, most);
  let given: number[] = [];
  return (text: string): number[] => (given = [...given, one(text)]);
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

const LOOPBACK = '127.0.0.1';
const CONTROL_SECRETS = 'control/secrets.env';
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
  .command('scheme')
  .description('a scheme over days or months in a simulated city: who is alerted, who is first')
  .argument('<scheme>', 'london, west-yorkshire, norfolk, or the file of another')
  .option('--from <date>', 'first day, in Europe/London; the first wave’s if not given', date)
  .option('--to <date>', 'last day, included; four weeks after the last wave if not given', date)
  .option('--units <n>', 'units in all, stations included, shared out as now', integer(1, 100_000))
  .addOption(
    new Option('--units-as <what>', 'what stands in for a unit: the real bundle, or a quick model')
      .choices(['bundle', 'model'])
      .default('bundle'),
  )
  .addOption(
    new Option('--awake <which>', 'bundles that are powered: those near a call, or always all')
      .choices(['near', 'all'])
      .default('near'),
  )
  .addOption(bundle())
  .option('--assumptions <file>', 'in place of host-sim/city/assumptions.json')
  .option('--report <file>', 'writes one HTML page with charts and a map, whole in itself')
  .option('--csv <file>', 'writes one row for each incident')
  .option('--ledger <file>', 'writes every line of the ledger')
  .addOption(seed())
  .addOption(json())
  .action(async (name, options) => (await import('./commands/scheme.js')).scheme(name, options));

program
  .command('board')
  .description('a virtual board with Espruino on it, for provision and doctor to practise on')
  .option('--port <n>', 'of its console on loopback; 0 takes any', integer(0, 65535), 18840)
  .option('--flash <file>', 'keeps its flash there, keys and all')
  .option('--broker <url>', 'that the unit finds in place of the one in its settings')
  .option('--hold-buttons', 'both buttons are held: the loader leaves the console open')
  .addOption(seed())
  .addOption(bundle())
  .addOption(json())
  .action(async (options) => (await import('./commands/board.js')).board(options));

program
  .command('gps')
  .description("feeds a GPS receiver's recorded log through the unit and prints each fix")
  .argument('<file>', 'log as the receiver sent it')
  .addOption(interpreter())
  .addOption(bundle())
  .addOption(json())
  .action(async (file, options) => (await import('./commands/gps.js')).gps(file, options));

program
  .command('control')
  .description(
    'the control room as a service: HTTP in front, units on a broker behind, until Ctrl-C',
  )
  .option('--scheme <name>', 'one of host-sim/schemes, or a file', 'london')
  .addOption(broker())
  .option('--broker-port <n>', 'of the embedded broker on loopback', integer(0, 65535), 1883)
  .option('--port <n>', 'of the HTTP endpoint; 0 takes any', integer(0, 65535), 8080)
  .option(
    '--host <address>',
    'of the HTTP endpoint; put TLS in front of any but loopback',
    LOOPBACK,
  )
  .option('--ledger <file>', 'goes on with it, or begins it (default: control/SCHEME.ndjson)')
  .option('--secrets <file>', 'tokens and keys, where the environment has none', CONTROL_SECRETS)
  .option('--vehicles <n>', "so many of the scheme's vehicles, as virtual ones", integer(0, 100), 0)
  .addOption(bundle())
  .addOption(json())
  .action(async (options) => (await import('./commands/control.js')).control(options));

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
  .option('--fleet <n>', 'that many units over real sockets, and nothing else', integer(1, 2000))
  .addOption(broker())
  .option('--peer-mqtt <file>', "Espruino's module MQTT.js, for the rows beside it")
  .option('--peer-gps <file>', "Espruino's module GPS.js, for the row beside it")
  .addOption(bundle())
  .addOption(json())
  .action(async (options) =>
    options.fleet === undefined
      ? (await import('./commands/bench.js')).bench(options)
      : (await import('./commands/bench-fleet.js')).benchFleet(options),
  );

program
  .command('city-speed')
  .description('how many times faster than real time a city of units passes on one processor')
  .option(
    '--units <n...>',
    'sizes of city, one after the other',
    integers(1, 20_000),
    [700, 10_000],
  )
  .option('--rounds <n>', 'stretches that are measured', integer(3, 1000), 5)
  .option('--seconds <n>', 'simulated seconds of each', integer(1, 86_400), 60)
  .option('--epoch <ms>', 'from epoch to epoch of a GPS receiver', integer(100, 4000), 4000)
  .option(
    '--fix-period <s>',
    'the same while it stands, of one that saves power; 0: no other',
    integer(0, 60),
    20,
  )
  .option('--slot <ms>', 'how long an idle unit is run in one go', integer(20, 40000), 40000)
  .option('--moving <share>', 'of the units, drive all the time; 0 to 1', share, 0)
  .addOption(seed())
  .addOption(bundle())
  .addOption(json())
  .action(async (options) => (await import('./commands/city-speed.js')).citySpeed(options));

await runCommand(program, process.argv.slice(2), ExitCode);
