import type { Sha256 } from '../base/hash.ts'
import type { Contract, ProjectConfig } from '../contract/types.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { Pin } from './types.ts'

/** They lie beside the baselines, below this digest. */
export interface FrozenCopies {
  readonly sha256: Sha256
  /** Globs that match nothing at all. */
  readonly unmatched: readonly string[]
}

/** What a run is judged by, frozen at its start: nothing of it is read from the workspace again. */
export interface Frozen {
  readonly runId: string
  /** Absolute; every path of the contract is relative to it. */
  readonly repoRoot: string
  readonly contract: Contract
  readonly contractHash: Sha256
  /** Baseline files (`baseline-<sha256>.json`); a path counts as changed when it differs from every one. */
  readonly baselines: readonly Sha256[]
  /** The approved config the gates come from; null when the repository has none and the contract needs no gate. */
  readonly config: ProjectConfig | null
  readonly configSha256: Sha256 | null
  readonly configPath: string | null
  /**
   * The config is that of another checkout, and whoever started the run watches it there: what the workspace has in its place is
   * never read. Absent: it is the workspace's own.
   */
  readonly configElsewhere?: true
  readonly pins: readonly Pin[]
  /** What the commands are made of. Absent in runs of an older version: every command runs whole. */
  readonly steps?: FrozenSteps
  /** Ignored files that the clean room gets. Absent where the config names none, and in runs of an older version. */
  readonly copied?: FrozenCopies
  /** Files that differed from the list of the start already and can be definition, kept as they were. */
  readonly kept?: FrozenCopies
  /** PATH for gates, recorded at approval. */
  readonly gatePath: string
}
