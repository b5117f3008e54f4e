/**
 * What is known of AED models, for the judgement of one that the unit carries. [D] is from a maker's
 * document or a paper, [K] general knowledge that no source was found for.
 *
 * - That the lamp of HS1 and FRx blinks while the AED is ready, and is dark or lit all the time
 *   otherwise: [D]; that those of CR2 and 350P/500P do: [K]. How often they blink: [K], about 6 s
 *   for the CR2 and no figure for the others, so the longest period is a careful one for all.
 * - The others have a symbol, a display or a window, which edges of light tell nothing of: FR2,
 *   LIFEPAK 500 [D]; the rest [K].
 * - 0 to 50 °C of LIFEPAK 500 and Powerheart: [D]. All other temperatures: [K]. Where there is no
 *   figure, and for the unknown model, the limits are those that every model here bears.
 * - That there are self-tests: [D]; that they light the lamp, and for how long: [K].
 */
export interface AedProfile {
  readonly name: string;
  /** Longest time from one flash to the next while it is ready; 0 if its lamp cannot be judged. */
  readonly blinkMs: number;
  /** Longest time that a self-test lights the lamp. */
  readonly selfTestMs: number;
  /** Between these it may be kept, in 1/10 °C. */
  readonly keepFromDeciC: number;
  readonly keepToDeciC: number;
}

/**
 * The model with this number; the unknown one, 0, for a number without a model.
 * @rare
 */
export function profileOf(code: number): AedProfile {
  switch (code) {
    case 1:
      return profile('Philips HS1', 10000, 20000, 100, 430);
    case 2:
      return profile('Philips FRx', 10000, 20000, 0, 500);
    case 3:
      return profile('Philips FR2', 0, 0, 100, 430);
    case 4:
      return profile('ZOLL AED Plus', 0, 0, 0, 500);
    case 5:
      return profile('ZOLL AED 3', 0, 0, 100, 430);
    case 6:
      return profile('LIFEPAK 500', 0, 0, 0, 500);
    case 7:
      return profile('LIFEPAK 1000', 0, 0, 100, 430);
    case 8:
      return profile('LIFEPAK CR Plus', 0, 0, 100, 430);
    case 9:
      return profile('LIFEPAK CR2', 10000, 20000, 100, 430);
    case 10:
      return profile('HeartSine 350P/500P', 10000, 20000, 0, 500);
    case 11:
      return profile('Mindray C1A', 0, 0, -50, 500);
    case 12:
      return profile('Powerheart G3/G5', 0, 0, 0, 500);
    default:
      return profile('unknown', 0, 0, 100, 430);
  }
}

/** @rare */
function profile(
  name: string,
  blinkMs: number,
  selfTestMs: number,
  keepFromDeciC: number,
  keepToDeciC: number,
): AedProfile {
  return {
    name: name,
    blinkMs: blinkMs,
    selfTestMs: selfTestMs,
    keepFromDeciC: keepFromDeciC,
    keepToDeciC: keepToDeciC,
  };
}
