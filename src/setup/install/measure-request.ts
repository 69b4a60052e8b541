import { reachesOutside } from '../../contract/network.ts'
import type { PrepareStep, ProjectConfig } from '../../contract/types.ts'
import type { Verify } from '../../contract/verify.ts'
import type { Watch } from '../../judging/watch.ts'
import type { Rungs } from './rungs.ts'
import { type TryPlace, tryGate } from './try-gate.ts'

/** A run that begins now. */
export interface RunAhead {
  readonly name: string
  readonly place: Verify
  /** Whether it reaches outside. */
  readonly network: boolean
  /** Null for a config of version 1, which has none. */
  readonly box: boolean | null
  /** As long as the same command took on the rung above; null on the first one. */
  readonly expectedMs: number | null
}

export interface MeasureRequest {
  readonly root: string
  /** Its commands are measured, its own network and place apart. */
  readonly config: ProjectConfig
  /** What may have to be prepared for the clean room; the first that is enough for most gates is kept. */
  readonly ways: readonly (readonly PrepareStep[])[]
  readonly abort: AbortSignal
  /** Called before each run of a gate. */
  readonly onRun: (run: RunAhead) => void
  /** Told of the room and what is prepared for it. */
  readonly watch: Watch
}

/** How the commands are run in one place. */
export function rungsOf(
  request: Pick<MeasureRequest, 'config' | 'abort' | 'onRun'>,
  place: TryPlace,
  where: Verify,
): Rungs {
  const { version } = request.config
  return {
    version,
    abort: request.abort,
    run: (command, expectedMs) => {
      const network = reachesOutside(command.network)
      const box = version === 1 ? null : command.box !== false
      request.onRun({ name: command.name, place: where, network, box, expectedMs })
      return tryGate(place, command)
    },
  }
}
