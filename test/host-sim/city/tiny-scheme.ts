/** Two areas, of which one is live on the second day: for ledgers made by hand. */
import { parseScheme, loadScheme, type Scheme } from '../../../host-sim/schemes/schema.js';

export function tinyScheme(): Scheme {
  const london = loadScheme('london');
  const [croydon, enfield] = london.areas;
  return parseScheme(
    {
      ...london,
      id: 'tiny',
      waves: 1,
      areas: [
        { ...croydon, wave: 0, goesLiveOn: '2017-07-01' },
        { ...enfield, wave: 1, goesLiveOn: '2017-07-11' },
      ],
      stations: [],
      fleet: london.fleet.slice(0, 2),
      expectedPerWeek: 3,
    },
    'tiny',
  );
}
