/**
 * The map: each area as the control room has it, which is the part of its circle that is nearer to
 * its own centre than to any other; coloured by wave, with incidents, stations and a scale.
 */
import * as Plot from '@observablehq/plot';
import circle from '@turf/circle';
import { featureCollection, lineString, point, polygon } from '@turf/helpers';
import intersect from '@turf/intersect';
import rewind from '@turf/rewind';
import voronoi from '@turf/voronoi';
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import type { Place } from '../../control-room/events.js';
import type { Area, Scheme } from '../../schemes/schema.js';
import type { IncidentRecord } from '../statistics/incidents.js';
import type { AreaStatistics, Statistics } from '../statistics.js';
import { placeAt } from '../travel.js';
import type { Figure } from './figure.js';
import { median, waveName } from './words.js';

type Shape = Feature<Polygon | MultiPolygon>;
interface Cell {
  readonly shape: Shape;
  readonly area: AreaStatistics;
}

/** Points of a circle's outline. */
const CIRCLE_STEPS = 72;
/** Beyond all circles, so that no cell ends before its circle does. */
const VORONOI_MARGIN_DEG = 3;
/** More would hide the areas, and make the page heavy. */
const MOST_POINTS = 4000;

export function mapFigure(
  scheme: Scheme,
  statistics: Statistics,
  incidents: readonly IncidentRecord[],
): Figure {
  const cells = cellsOf(scheme, statistics);
  const extent = featureCollection(cells.map(({ shape }) => shape));
  const placed = incidents.filter(({ rule }) => rule !== null);
  const every = Math.ceil(placed.length / MOST_POINTS);
  const shown = placed.filter((_, i) => i % every === 0);
  const isAlerted = ({ alerts }: IncidentRecord) => alerts.length > 0;
  const points = (of: (incident: IncidentRecord) => boolean) =>
    shown.filter(of).map(({ call }) => call.place);
  const { widthM, ...scale } = scaleOf(extent);
  return {
    title: 'Where',
    says:
      'Areas by wave. Dots: calls that met the criteria, filled where a unit was alerted. Squares: stations. ' +
      `Areas are parts of circles, not boundaries.${every > 1 ? ` One call in ${every} is shown.` : ''}`,
    draw: (_, isNarrow) => ({
      height: isNarrow ? 330 : 640,
      margin: isNarrow ? 4 : 10,
      projection: { type: 'mercator', domain: extent },
      color: { type: 'identity' as const },
      marks: [
        Plot.geo(cells, {
          geometry: ({ shape }: Cell) => shape,
          fill: ({ area }: Cell) => waveColour(area.wave),
          stroke: 'var(--paper)',
          strokeWidth: 1.5,
          title: ({ area }: Cell) => describe(area),
        }),
        dots(
          points((incident) => !isAlerted(incident)),
          isNarrow,
          { stroke: 'var(--dot)', fill: 'none' },
        ),
        dots(points(isAlerted), isNarrow, { fill: 'var(--dot)' }),
        Plot.dot(scheme.stations, {
          ...{ x: 'longitude', y: 'latitude', symbol: 'square', r: isNarrow ? 2.5 : 4 },
          ...{ fill: 'var(--paper)', stroke: 'var(--ink)', title: 'name' },
        }),
        Plot.text(cells, {
          x: ({ area }: Cell) => centreOf(scheme, area).longitude,
          y: ({ area }: Cell) => centreOf(scheme, area).latitude,
          text: ({ area }: Cell) => labelOf(centreOf(scheme, area), isNarrow, widthM),
          ...{ fontSize: isNarrow ? 8 : 11, fontWeight: 600, lineWidth: 8, dy: isNarrow ? 7 : 12 },
          ...{
            lineAnchor: 'top' as const,
            fill: 'var(--ink)',
            stroke: 'var(--halo)',
            strokeWidth: 3,
          },
        }),
        Plot.geo(scale.line, { stroke: 'currentColor', strokeWidth: 3 }),
        Plot.text([scale], {
          x: 'longitude',
          y: 'latitude',
          text: 'label',
          textAnchor: 'start',
          dy: -9,
        }),
      ],
    }),
  };
}

/** The variable of the style sheet. */
export function waveColour(wave: number): string {
  return `var(--wave-${Math.min(wave, LAST_WAVE_COLOUR)})`;
}

export const LAST_WAVE_COLOUR = 9;

function dots(places: readonly Place[], isNarrow: boolean, style: Plot.DotOptions) {
  const position = { x: 'longitude', y: 'latitude', r: isNarrow ? 0.8 : 1.6 };
  return Plot.dot(places, { ...position, strokeWidth: 0.7, opacity: 0.75, ...style });
}

function cellsOf({ areas }: Scheme, { byArea }: Statistics): Cell[] {
  const nearest = nearestCells(areas);
  return areas.map(({ longitude, latitude, radiusM }, i) => {
    const round = circle([longitude, latitude], radiusM, { units: 'meters', steps: CIRCLE_STEPS });
    const cell = nearest[i];
    const part = cell && areas.length > 1 ? intersect(featureCollection([round, cell])) : null;
    // The projection takes outlines the other way round than GeoJSON does.
    const shape = rewind(part ?? round, { reverse: true }) as Shape;
    return { shape, area: byArea[i] as AreaStatistics };
  });
}

/** What is nearest to each centre, on a plane where a degree of longitude is as long as it is here. */
function nearestCells(areas: Scheme['areas']): Feature<Polygon>[] {
  const middle = areas.reduce((sum, { latitude }) => sum + latitude, 0) / areas.length;
  const shrink = Math.cos((middle * Math.PI) / 180);
  const centres = areas.map(({ longitude, latitude }) => point([longitude * shrink, latitude]));
  const xs = areas.map(({ longitude }) => longitude * shrink);
  const ys = areas.map(({ latitude }) => latitude);
  const bbox: [number, number, number, number] = [
    Math.min(...xs) - VORONOI_MARGIN_DEG,
    Math.min(...ys) - VORONOI_MARGIN_DEG,
    Math.max(...xs) + VORONOI_MARGIN_DEG,
    Math.max(...ys) + VORONOI_MARGIN_DEG,
  ];
  return voronoi(featureCollection(centres), { bbox }).features.map((cell) =>
    polygon(
      cell.geometry.coordinates.map((ring) =>
        ring.map(([x, y]) => [(x as number) / shrink, y as number]),
      ),
    ),
  );
}

/** Narrower than this share of the map, an area has room for its code only. */
const LEAST_NAMED_SHARE = 0.1;

function labelOf({ name, code, radiusM }: Area, isNarrow: boolean, widthM: number): string {
  return isNarrow || (2 * radiusM) / widthM < LEAST_NAMED_SHARE ? code : name;
}

function centreOf({ areas }: Scheme, { id }: AreaStatistics) {
  return areas.find((area) => area.id === id) as Scheme['areas'][number];
}

function describe({ name, wave, goesLiveOn, before, after }: AreaStatistics): string {
  return [
    `${name}: ${waveName(wave)}, live from ${goesLiveOn}`,
    `before: ${before.counts.matched} calls, median to first defibrillator ${median(before.callToFirstS)}`,
    `after: ${after.counts.matched} calls, ${after.counts.activations} activations, median ${median(after.callToFirstS)}`,
  ].join('\n');
}

const SCALES_KM = [50, 20, 10, 5, 2, 1];

/** A line in the lower left corner, about a fifth as long as the map is wide. */
function scaleOf(extent: { features: Shape[] }) {
  const all = extent.features.flatMap(({ geometry }) =>
    (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).flat(2),
  );
  const west = Math.min(...all.map(([longitude]) => longitude as number));
  const east = Math.max(...all.map(([longitude]) => longitude as number));
  const south = Math.min(...all.map(([, latitude]) => latitude as number));
  const widthKm = (east - west) * 111.32 * Math.cos((south * Math.PI) / 180);
  const km = SCALES_KM.find((each) => each <= widthKm / 4) ?? 1;
  const north = Math.max(...all.map(([, latitude]) => latitude as number));
  // A little above the edge, at which lines are cut.
  const from = { latitude: south + (north - south) / 100, longitude: west };
  const to = placeAt(from, km * 1000, 90);
  const line = lineString([
    [west, from.latitude],
    [to.longitude, to.latitude],
  ]);
  return { ...from, line, label: `${km} km`, widthM: widthKm * 1000 };
}
