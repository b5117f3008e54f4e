/**
 * A unit's own certificate and key, which a broker by TLS may ask for: PEM in the fleet folder's
 * secrets, DER on the board. The interpreter knows RSA only (Espruino, libs/crypto/mbedtls/config.h).
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { UserError } from '../exit-codes.js';
import { readText } from '../fleet/files.js';
import { paths, type Fleet } from '../fleet/folder.js';
import { readOwnerFile } from '../fleet/secret.js';
import type { UnitCertificate } from './wanted-unit.js';

/** @returns null where the folder has neither. @throws UserError with what is wrong, and where */
export function readCertificate(
  { folder }: Fleet,
  unitId: string,
  nowS: number,
): UnitCertificate | null {
  const at = paths(folder);
  const [path, keyPath] = [at.certificate(unitId), at.certificateKey(unitId)];
  const keyText = readOwnerFile(keyPath);
  if (keyText === null && !existsSync(path)) return null;
  if (keyText === null)
    throw new UserError('fileMissing', `${keyPath}: no such file, beside ${path}`);
  const certificate = parse(path, 'an X.509 certificate in PEM', () => {
    return new X509Certificate(readText(path, `beside ${keyPath}`));
  });
  const key = parse(keyPath, 'a private key in PEM, without a password', () => {
    return createPrivateKey(keyText);
  });
  check(path, keyPath, certificate, key, nowS);
  return {
    certificate: certificate.raw.toString('latin1'),
    key: key.export({ type: 'pkcs1', format: 'der' }).toString('latin1'),
  };
}

function parse<T>(path: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    // What the library says of a key might repeat some of it.
    throw new UserError('badFile', `${path}: expected ${expected}, found something else`);
  }
}

function check(
  path: string,
  keyPath: string,
  certificate: X509Certificate,
  key: KeyObject,
  nowS: number,
): void {
  const type = key.asymmetricKeyType;
  if (type !== 'rsa') {
    throw new UserError(
      'badFile',
      `${keyPath}: expected an RSA key, found ${type}: no board takes it`,
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new UserError(
      'badFile',
      `${path}: expected the certificate of ${keyPath}, found another’s`,
    );
  }
  const { validTo } = certificate;
  if (Date.parse(validTo) <= nowS * 1000) {
    throw new UserError('badFile', `${path}: expired on ${validTo}: put a new one there`);
  }
}
