// Not `./engine.ts`: that spelling is what the build leaves to the starter.
import * as engine from '../hooks/engine.ts'
import { haveEngine } from './load-engine.ts'

/*
 * hook.judge.cjs: the whole of the hooks in one piece, for the events that need it as a rule, and what the small program
 * (hook.main.cjs) asks for when it needs the engine after all.
 */
export * from '../hooks/engine.ts'
export { run } from './entry.ts'

haveEngine(engine)
