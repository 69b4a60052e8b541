export { PINS_VERSION, collectPins } from './collect.ts'
export { describePinChange, diffPins } from './diff.ts'
