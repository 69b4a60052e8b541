import type * as engine from './engine.ts'

type Engine = typeof engine

let given: Engine | null = null

/** Said by a program that holds the engine already. */
export function haveEngine(engine: Engine): void {
  given = engine
}

/** The part of the hooks that judges; for a program without it the starter brings it from a bundle of its own. */
export async function loadEngine(): Promise<Engine> {
  return given ?? import('./engine.ts')
}
