/** An HTTP endpoint for a test: on a free port of loopback, over a control room that decides nothing. */
import { createHttpEndpoint } from '../../../host-sim/http/server.js';
import type { Tokens } from '../../../host-sim/http/roles.js';
import { RealClock } from '../../../host-sim/world/clock.js';
import { FakeControl } from './fake-control.js';

export const TOKENS: Tokens = {
  ambulance: 'ambulance-0123456789abcdef-01234',
  partner: 'partner-0123456789abcdef-0123456',
  viewer: 'viewer-0123456789abcdef-01234567',
};

export const CALL = {
  callId: 'LAS-2017-07-10-000123',
  place: { latitude: 51.4571, longitude: 0.1459 },
  address: '14 Townley Road, Bexleyheath',
  determinant: '09E01',
  text: 'Male 61, not breathing, CPR in progress',
  ambulanceReference: 'LAS-4711',
};

export interface TestEndpoint {
  readonly url: string;
  readonly control: FakeControl;
  readonly faults: Error[];
  /** A request as the role; none where it is null. */
  ask(role: keyof Tokens | null, path: string, init?: RequestInit): Promise<Response>;
  post(role: keyof Tokens | null, path: string, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

export async function startEndpoint(control = new FakeControl()): Promise<TestEndpoint> {
  const clock = new RealClock();
  const faults: Error[] = [];
  const options = { port: control, clock, tokens: TOKENS, partner: 'mps' };
  const endpoint = await createHttpEndpoint({ ...options, onFault: (error) => faults.push(error) });
  const url = await endpoint.listen(0, '127.0.0.1');
  const ask: TestEndpoint['ask'] = (role, path, init = {}) => {
    const authorization = role === null ? {} : { authorization: `Bearer ${TOKENS[role]}` };
    return fetch(url + path, { ...init, headers: { ...init.headers, ...authorization } });
  };
  const headers = { 'content-type': 'application/json' };
  return {
    url,
    control,
    faults,
    ask,
    post: (role, path, body) =>
      ask(role, path, { method: 'POST', headers, body: JSON.stringify(body) }),
    close: async () => {
      await endpoint.close();
      clock.stop();
    },
  };
}
