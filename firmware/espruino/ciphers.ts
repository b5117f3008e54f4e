/** The ciphers that the interpreter has natively. */
import type { Ciphers } from '../../protocol/seal/ciphers.js';

export const espruinoCiphers: Ciphers = {
  sha256: function (bytes) {
    return E.toString(require('crypto').SHA256(bytes));
  },
  encryptBlock: function (key, block) {
    return E.toString(require('crypto').AES.encrypt(block, key, { mode: 'ECB' }));
  },
  encryptCbc: function (key, iv, bytes) {
    return E.toString(require('crypto').AES.encrypt(bytes, key, { iv: iv, mode: 'CBC' }));
  },
  decryptCbc: function (key, iv, bytes) {
    return E.toString(require('crypto').AES.decrypt(bytes, key, { iv: iv, mode: 'CBC' }));
  },
};
