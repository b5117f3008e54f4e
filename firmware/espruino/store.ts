import type { Store } from '../ports/store.js';

/** The interpreter's files in flash. */
export const espruinoStore: Store = {
  read: function (name) {
    return require('Storage').read(name);
  },
  write: function (name, bytes) {
    return require('Storage').write(name, bytes);
  },
};
