import type { Store } from '../ports/store.js';

/** The interpreter's files in flash. */
export const espruinoStore: Store = {
  read: function (name) {
    return require('Storage').read(name);
  },
  // Flash without room is an exception there.
  write: function (name, bytes) {
    try {
      return require('Storage').write(name, bytes);
    } catch (e) {
      return false;
    }
  },
};
