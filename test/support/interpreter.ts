/** The real interpreter for a test, if the environment's ESPRUINO names one. */
export { Interpreter, findInterpreter } from '../../host-sim/interpreter/interpreter.js';
