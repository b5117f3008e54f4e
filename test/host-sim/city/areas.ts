/** Three areas in a row, with centres 8 km apart, of which two have people in the ratio 1 to 3. */
export const THREE_AREAS = [
  { id: 'west', latitude: 51.5, longitude: -0.3, radiusM: 6000, population: 200_000 },
  { id: 'middle', latitude: 51.5, longitude: -0.185, radiusM: 6000, population: 600_000 },
  { id: 'east', latitude: 51.5, longitude: -0.07, radiusM: 6000, population: 200_000 },
] as const;
