/** Which pin of the unit's board is wired to what in a virtual vehicle; a test compares it with the bundle. */
export const wiring = {
  sounder: 'D27',
  redLamp: 'D18',
  amberLamp: 'D19',
  greenLamp: 'D23',
  acceptButton: 'D13',
  declineButton: 'D14',
  bracketSwitch: 'D4',
  indicatorSensor: 'D32',
  thermistor: 'D36',
} as const;
