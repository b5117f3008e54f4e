/** The codec's rows on the real interpreter, by the bench's own bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../exit-codes.js';
import { ControlLine } from '../interpreter/control-line.js';
import { Interpreter } from '../interpreter/interpreter.js';
import { codecContent, sealedDispatch, type RowHost } from './codec-rows.js';
import { typicalDispatch, typicalPosition } from './content.js';

const BUNDLE = fileURLToPath(new URL('../../firmware/dist/bench.js', import.meta.url));

/**
 * A board maps its flash into memory. A build that reads its flash as a file would take several
 * times as long for each letter of the program, so that it has the program in memory. `app` is
 * what rare functions are made of, as in a unit.
 */
const RUN = `app=require("Storage").read("bench");if(!E.getAddressOf(app,true))app=("-"+app).substr(1);eval(app);`;

export interface InterpreterRows extends RowHost {
  close(): Promise<void>;
}

/** An interpreter that runs the bench's bundle. */
export interface DeviceBench {
  /** The value of an expression, in which `bench` is the bundle's global. */
  ask(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** @param files further ones for its flash */
export async function startDeviceBench(
  command: string,
  files: Readonly<Record<string, string>>,
): Promise<DeviceBench> {
  if (!existsSync(BUNDLE)) {
    throw new UserError('bundleMissing', "the bench's bundle is not built. Run npm run build.");
  }
  if (!existsSync(command)) {
    throw new UserError('fileMissing', `--interpreter: ${command}: no such file`);
  }
  const interpreter = new Interpreter(command);
  const line = await ControlLine.open();
  const close = async () => {
    await interpreter.dispose();
    await line.close();
  };
  try {
    await interpreter.flash(Buffer.from(RUN + line.shim()), {
      bench: readFileSync(BUNDLE, 'latin1'),
      ...files,
    });
    interpreter.powerOn();
    return { ask: (expression) => line.ask(expression), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One that has what the rows work on, and opened a dispatch rightly. */
export async function loadDeviceBench(command: string): Promise<DeviceBench> {
  const device = await startDeviceBench(command, {
    keys: codecContent.keyBytes,
    topic: codecContent.topic,
    payload: sealedDispatch(),
    dispatch: codecContent.dispatchJson,
    position: codecContent.positionJson,
    fields: JSON.stringify(Object.values(typicalPosition)),
  });
  try {
    await device.ask('bench.load()');
    const alarm = [typicalDispatch.dispatchId, typicalDispatch.category, typicalDispatch.expiresAt];
    const given = await device.ask('bench.give("openAlarm")');
    if (JSON.stringify(given) !== JSON.stringify(alarm)) {
      throw new Error(`the interpreter opened ${JSON.stringify(given)} and not ${alarm.join()}`);
    }
    return device;
  } catch (error) {
    await device.close();
    throw error;
  }
}

export async function interpreterRows(command: string): Promise<InterpreterRows> {
  const device = await loadDeviceBench(command);
  return {
    name: 'interpreter',
    turns: 100,
    run: async (row, turns) => (await device.ask(`bench.run("${row}",${turns})`)) as number,
    close: () => device.close(),
  };
}
