export { PINS_VERSION, collectDefinition, collectPins } from './collect.ts'
export { diffPins } from './diff.ts'
