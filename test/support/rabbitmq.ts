/**
 * A real RabbitMQ for a test, with its MQTT plugin: on loopback, with a node name, ports and a folder
 * of its own, ended by its process id.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, type Finished } from './cli.js';
import { Lines } from './lines.js';
import { freePort } from './mosquitto.js';

export interface RabbitMq {
  /** Of MQTT. */
  readonly port: number;
  /** Runs a command that finds the broker as those of its administrator do. */
  run(command: string): Promise<Finished>;
  stop(): Promise<void>;
}

/** Where Debian has the broker's own scripts, without the change of user around them. */
const FOLDERS = ['/usr/lib/rabbitmq/bin', '/usr/lib/rabbitmq/sbin', '/opt/rabbitmq/sbin'];

/** The folder of its commands, or null where it is not installed. */
export function findRabbitMq(): string | null {
  const hasErlang = !spawnSync('epmd', ['-help']).error;
  const folder = FOLDERS.find((each) => existsSync(join(each, 'rabbitmq-server')));
  return (hasErlang && folder) || null;
}

export async function startRabbitMq(commands: string): Promise<RabbitMq> {
  const folder = mkdtempSync(join(tmpdir(), 'rabbitmq-'));
  const port = await freePort();
  const names = String(await freePort());
  const config = join(folder, 'rabbitmq.conf');
  const plugins = join(folder, 'enabled_plugins');
  writeFileSync(
    config,
    `listeners.tcp = none
mqtt.listeners.tcp.1 = 127.0.0.1:${port}
mqtt.allow_anonymous = false
log.console = true
log.file = false
`,
  );
  writeFileSync(plugins, '[rabbitmq_mqtt].\n');
  const env = {
    ...process.env,
    // Its cookie is made there.
    HOME: folder,
    PATH: `${commands}:${process.env['PATH']}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: names,
    RABBITMQ_NODENAME: `fleet-test-${process.pid}@localhost`,
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
  };
  // Erlang's port mapper: else the node starts one that stays.
  const mapper = spawn('epmd', ['-port', names, '-address', '127.0.0.1'], { stdio: 'ignore' });
  // A group of its own: the script starts the node as its child.
  const node = spawn(join(commands, 'rabbitmq-server'), { env, cwd: folder, detached: true });
  node.stdin.end();
  const stop = async () => {
    // Nothing of it is to be kept: it need not end in order. The node first: it misses its mapper.
    await ended(node, -(node.pid as number));
    await ended(mapper, mapper.pid as number);
    rmSync(folder, { recursive: true, force: true });
  };
  const said = finished(node);
  try {
    await new Lines(node.stdout).has('Server startup complete');
  } catch {
    await stop();
    const { stdout, stderr } = await said;
    throw new Error(`rabbitmq-server did not come up:\n${stdout.slice(-2000)}${stderr}`);
  }
  const run = (command: string) => finished(spawn('sh', ['-c', command], { env, cwd: folder }));
  return { port, run, stop };
}

/** @param id of the process, or below zero of its group */
function ended(child: ChildProcess, id: number): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('close', () => resolve());
    process.kill(id, 'SIGKILL');
  });
}
