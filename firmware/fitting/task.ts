/** The unit's tasks by their numbers, which are the order in which they run. */
export const Task = {
  alarm: 0,
  crew: 1,
  bay: 2,
  desk: 3,
  tracker: 4,
  /** The GPS receiver's line. */
  line: 5,
  link: 6,
  health: 7,
  /** Looks after the unit itself. */
  look: 8,
  /** Where there is one. */
  display: 9,
} as const;
