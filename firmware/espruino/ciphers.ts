/** The ciphers that the interpreter has natively. */
import type { Ciphers } from '../../protocol/seal/ciphers.js';

const crypto = require('crypto');

export const espruinoCiphers: Ciphers = {
  sha256: crypto.SHA256,
  encrypt: crypto.AES.encrypt,
  decrypt: crypto.AES.decrypt,
  toText: E.toString,
};
