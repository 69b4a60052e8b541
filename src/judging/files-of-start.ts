import type { Result } from '../base/result.ts'
import type { Baseline } from '../evidence/types.ts'
import type { RunState } from '../ledger/state.ts'
import { loadKept } from '../workspace/kept.ts'
import { type StartFiles, startContent } from '../workspace/room/start-content.ts'
import type { Ports } from './ports.ts'

/** What these files of a run held at its start. Codes: those of loadKept and startContent. */
export async function filesOfStart(
  { activation: { repoRoot: root, kept } }: RunState,
  { baselineDir, workspace }: Pick<Ports, 'baselineDir' | 'workspace'>,
  baselines: readonly Baseline[],
  files: readonly string[],
): Promise<Result<StartFiles>> {
  const copies = loadKept(baselineDir, kept)
  return copies.ok ? startContent({ root, baselines, kept: copies.value }, files, workspace) : copies
}
