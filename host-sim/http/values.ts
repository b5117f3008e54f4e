/** What several schemas have in common. Times are epoch milliseconds, as in the ledger. */
import { z } from 'zod';
import { MAX_ID_CHARS } from './limits.js';

export const id = z.string().min(1).max(MAX_ID_CHARS);
export const atMs = z.number().min(0).describe('Epoch milliseconds.');
export const place = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
  })
  .meta({ id: 'Place', description: 'WGS 84, degrees.' });
