/** How many variables a unit on the interpreter gets. */

/** What a unit may count on, and what the bench's own shim takes beside it, at its worst. */
export const UNIT_VARIABLES = 2500;
export const SHIM_VARIABLES = 200;

/** A build may take the number of its variables from here. */
export function variablesFor(benchVariables = SHIM_VARIABLES): Record<string, string> {
  const name = 'ESPRUINO_VARS';
  return process.env[name] ? {} : { [name]: String(UNIT_VARIABLES + benchVariables) };
}
