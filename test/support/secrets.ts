/** Looks for what is secret in a fleet: its secret, all keys, all passwords, in every usual form. */
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deriveKeyBytes } from '../../protocol/host/keys.js';
import { ROOM_USERS, openFleet } from '../../tools/fleet/folder.js';
import { brokerPassword, consolePassword } from '../../tools/fleet/secret.js';

const KEY_BYTES = 16;
/** Of keys and passwords, also those that are to come. */
const GENERATIONS = [1, 2, 3];

export class FleetSecrets {
  readonly #forms = new Map<string, readonly string[]>();

  /** @param others by what they are, such as the password of the vehicles' network */
  constructor(folder: string, others: Readonly<Record<string, string>> = {}) {
    const fleet = openFleet(folder);
    const secret = fleet.secret();
    this.#add('the secret', secret);
    for (const [what, text] of Object.entries(others)) this.#add(what, Buffer.from(text));
    for (const user of ROOM_USERS) this.#add(user, Buffer.from(fleet.passwordOf(user)));
    for (const { unitId } of fleet.units) {
      for (const generation of GENERATIONS) {
        const what = `of ${unitId}, ${generation}`;
        const keys = Buffer.from(deriveKeyBytes(secret, unitId, generation), 'latin1');
        for (let at = 0; at < keys.length; at += KEY_BYTES) {
          this.#add(`key ${at} ${what}`, keys.subarray(at, at + KEY_BYTES));
        }
        const atBroker = brokerPassword(secret, unitId, generation);
        this.#add(`password ${what}`, Buffer.from(atBroker));
        this.#add(`console ${what}`, Buffer.from(consolePassword(secret, unitId, generation)));
      }
    }
  }

  /** What stands in a text or file. */
  in(content: string | Buffer): string[] {
    const text = typeof content === 'string' ? content : content.toString('latin1');
    const lower = text.toLowerCase();
    return [...this.#forms]
      .filter(([, [hex = '', ...forms]]) =>
        [lower.includes(hex), ...forms.map((form) => text.includes(form))].some(Boolean),
      )
      .map(([what]) => what);
  }

  /** As hexadecimal digits, bytes, or base64 of both alphabets, which has three ways to fall on others. */
  #add(what: string, bytes: Buffer): void {
    const shifted = [0, 1, 2].map((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      // Without what the bytes before and behind have a part in.
      return text.slice(4, Math.floor(((shift + bytes.length) * 4) / 3) - 1);
    });
    const urls = shifted.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
    this.#forms.set(what, [
      bytes.toString('hex'),
      bytes.toString('latin1'),
      bytes.toString('utf8'),
      ...shifted,
      ...urls,
    ]);
  }
}

export interface FoundFile {
  /** From the folder. */
  readonly name: string;
  readonly isOpenToOthers: boolean;
  readonly content: Buffer;
}

/** Every file and folder there is. */
export function filesIn(folder: string): FoundFile[] {
  return (readdirSync(folder, { recursive: true }) as string[]).map((name) => {
    const status = lstatSync(join(folder, name));
    const content = status.isFile() ? readFileSync(join(folder, name)) : Buffer.alloc(0);
    return { name, isOpenToOthers: (status.mode & 0o077) !== 0, content };
  });
}

/** Where it may be: for its owner alone, and out of version control. */
export const isForSecrets = (name: string) => /^(secrets|state)(\/|$)/.test(name);
