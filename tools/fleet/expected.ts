/** What a zod issue says was expected, in words for people. */
import type { z } from 'zod';

export function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'unrecognized_keys') return `no field ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue.origin)}`;
  return issue.message;
}

const unitOf = (origin: string) => (origin === 'string' ? ' characters' : '');

/** A value as it was found, cut to one line. */
export function found(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
