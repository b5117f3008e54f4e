/**
 * The AED models that the unit has a profile of, by the number that a `config` names them with
 * (SPEC, config, aedProfile). A test holds them against the unit's own table.
 */
export const AED_MODELS = {
  unknown: 0,
  'Philips HS1': 1,
  'Philips FRx': 2,
  'Philips FR2': 3,
  'ZOLL AED Plus': 4,
  'ZOLL AED 3': 5,
  'LIFEPAK 500': 6,
  'LIFEPAK 1000': 7,
  'LIFEPAK CR Plus': 8,
  'LIFEPAK CR2': 9,
  'HeartSine 350P/500P': 10,
  'Mindray C1A': 11,
  'Powerheart G3/G5': 12,
} as const;
