import type { MessageTable } from '../table.js';

export const death: MessageTable = {
  name: 'death',
  type: 65,
  direction: 'up',
  about: "The unit's will: the broker publishes it, retained, when the connection is lost.",
  fields: [
    {
      name: 'birthCounter',
      kind: 'u32',
      min: 1,
      about: 'The birth that this ends. A death of an older birth says nothing.',
    },
  ],
};
