/**
 * What is wrong with a unit and what to do, in words: a table over what its console told or the
 * broker heard. Pure. A row says nothing where the facts that it needs were not looked at.
 */
import { brokerRows, type BrokerFacts } from './diagnosis-broker.js';
import { consoleRows } from './diagnosis-console.js';
import type { Expected, Row } from './diagnosis-row.js';
import type { ConsoleFacts } from './facts.js';

export interface DoctorFacts {
  readonly expected: Expected;
  /** A text is why there are none. */
  readonly console?: ConsoleFacts | string;
  readonly broker?: BrokerFacts | string;
}

export interface Finding {
  readonly id: string;
  readonly wrong: string;
  readonly whatToDo: string;
}

export function diagnose({ expected, console, broker }: DoctorFacts): Finding[] {
  return [
    ...examine(console, consoleRows, expected, {
      id: 'no-console',
      whatToDo: 'hold both buttons while it is switched on, and until this has ended; try again',
    }),
    ...examine(broker, brokerRows, expected, {
      id: 'no-broker',
      whatToDo:
        'is the broker running, its address right, and does it have the files of fleet access?',
    }),
  ];
}

function examine<T extends object>(
  facts: T | string | undefined,
  rows: readonly Row<T>[],
  expected: Expected,
  without: Omit<Finding, 'wrong'>,
): Finding[] {
  if (facts === undefined) return [];
  if (typeof facts === 'string') return [{ ...without, wrong: facts }];
  return rows.flatMap(([id, look, whatToDo]) => {
    const wrong = look(facts, expected);
    return wrong === null ? [] : [{ id, wrong, whatToDo }];
  });
}
