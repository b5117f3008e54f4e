/** Which calls units are sent to: the scheme's table of the day (L7, Y1, N2). */
import type { Criterion, Scheme } from '../../schemes/schema.js';

type Criteria = Scheme['criteria'][number];

/** The version in force on a day; the first one before any is. */
export function criteriaOn({ criteria }: Scheme, date: string): Criteria {
  return criteria.findLast(({ from }) => from <= date) ?? (criteria[0] as Criteria);
}

/** The first rule whose determinants the call's begins with. */
export function ruleFor(rules: readonly Criterion[], determinant: string): Criterion | undefined {
  const code = normalised(determinant);
  return rules.find(({ determinants }) => determinants.some((each) => code.startsWith(each)));
}

/** `9-E-1` and `09e01` are one code. */
export function normalised(determinant: string): string {
  const code = determinant.toUpperCase().replaceAll(/[\s-]/g, '');
  const [, card, level, rest, suffix] = /^(\d{1,2})([A-Z])(\d{1,2})(.*)$/.exec(code) ?? [];
  if (card === undefined || rest === undefined) return code;
  return `${card.padStart(2, '0')}${level}${rest.padStart(2, '0')}${suffix}`;
}
