/** Certificates for tests, by openssl. */
import { spawnSync } from 'node:child_process';

export const hasOpenssl = (): boolean => !spawnSync('openssl', ['version']).error;

/**
 * A certificate that signs itself for a day, and its key, both PEM, the key for its owner alone.
 * @param kind of the key, as `openssl req` takes it
 */
export function makeCertificate(name: string, path: string, ...kind: string[]): void {
  const out = ['-keyout', `${path}.key`, '-out', `${path}.crt`];
  const algorithm = kind.length > 0 ? kind : ['-newkey', 'rsa:2048'];
  const args = ['req', '-x509', '-nodes', '-days', '1', '-subj', `/CN=${name}`];
  const { status, stderr } = spawnSync('openssl', [...args, ...algorithm, ...out]);
  if (status !== 0) throw new Error(String(stderr));
}
