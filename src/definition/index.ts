export { PINS_VERSION, collectPins } from './collect.ts'
export { diffPins } from './diff.ts'
