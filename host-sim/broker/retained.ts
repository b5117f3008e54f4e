/**
 * What the broker keeps. aedes looks through all retained messages at each subscription: of ten
 * thousand units, each of which names its topics in full and has one message kept, a hundred million
 * looks. A topic in full is found by its name here.
 */
import { Readable } from 'node:stream';
import type { AedesPublishPacket } from 'aedes';
import memory from 'aedes-persistence';

/** The part of a persistence that is about retained messages, as aedes calls it. */
interface Persistence {
  storeRetained(packet: AedesPublishPacket): Promise<void>;
  createRetainedStreamCombi(patterns: string[]): Readable;
}

const WILDCARD = /[+#]/;

/** For the option `persistence` of aedes: its own, in memory. */
export function createPersistence(): Persistence {
  // (Its types know callbacks alone; without one it gives promises.)
  const persistence = memory() as unknown as Persistence;
  const store = persistence.storeRetained.bind(persistence);
  const search = persistence.createRetainedStreamCombi.bind(persistence);
  const byTopic = new Map<string, AedesPublishPacket>();
  persistence.storeRetained = (packet) => {
    // An empty one takes back what was retained (MQTT 3.1.1, 3.3.1.3).
    if (packet.payload.length === 0) byTopic.delete(packet.topic);
    else byTopic.set(packet.topic, { ...packet });
    return store(packet);
  };
  persistence.createRetainedStreamCombi = (patterns) => {
    if (patterns.some((pattern) => WILDCARD.test(pattern))) return search(patterns);
    return Readable.from(patterns.flatMap((topic) => byTopic.get(topic) ?? []));
  };
  return persistence;
}
