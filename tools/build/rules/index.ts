/** All rules of the gate. */
import { globalRules } from './globals.js';
import { absentRules } from './members.js';
import { useBeforeDefinition } from './order.js';
import { redeclaredFunction } from './redeclared.js';
import type { Rule } from './rule.js';
import { syntaxRules } from './syntax.js';
import { textRules } from './text.js';

/** Refused by the parser, before any other rule can look. */
export const PARSE_RULE = 'es5-parse';

export const rules: readonly Rule[] = [
  useBeforeDefinition,
  redeclaredFunction,
  ...globalRules,
  ...absentRules,
  ...syntaxRules,
  ...textRules,
];

export const ruleIds: readonly string[] = [PARSE_RULE, ...rules.map((rule) => rule.id)];
