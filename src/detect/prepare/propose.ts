import path from 'node:path'
import type { DetectRequest, DetectedCommand } from '../detection.ts'
import { RepoFiles } from '../files.ts'
import { nodePrepare } from './node.ts'
import { phpPrepare, rubyPrepare } from './others.ts'
import type { PrepareProposal, ProposedStep } from './proposal.ts'
import { pythonPrepare } from './python.ts'

/**
 * What the clean room would have to run before these gates, one look per ecosystem, in the root and in every directory that a gate
 * runs in. Go, Cargo, make, CMake and the tools that keep their packages in the home need nothing in the tree. Reads files only; whether
 * it is enough only a run in the room shows.
 */
export function proposePrepare(
  { root, packageManager }: DetectRequest,
  commands: readonly DetectedCommand[],
): PrepareProposal {
  const dirs = [...new Set(['.', ...commands.map((one) => one.cwd)])].sort()
  const parts = dirs.flatMap((dir) => {
    const look = new RepoFiles(path.join(root, dir))
    const here = commands.filter((one) => one.cwd === dir)
    return [
      nodePrepare(look, dir === '.' ? packageManager : undefined, dir === '.'),
      pythonPrepare(look, here),
      rubyPrepare(look),
      phpPrepare(look),
    ].map((one) => inDirectory(one, dir))
  })
  const differ = parts.some((one) => one.withScripts !== null)
  return {
    steps: parts.flatMap((one) => one.steps),
    withScripts: differ
      ? parts.flatMap((one): readonly ProposedStep[] => one.withScripts ?? one.steps)
      : null,
    notes: parts.flatMap((one) => one.notes),
  }
}

/** The same steps in a directory below the root. */
function inDirectory(proposal: PrepareProposal, dir: string): PrepareProposal {
  if (dir === '.') return proposal
  const moved = (steps: readonly ProposedStep[]): ProposedStep[] =>
    steps.map((step) => ({
      ...step,
      cwd: path.posix.join(dir, step.cwd),
      file: path.posix.join(dir, step.file),
    }))
  return {
    steps: moved(proposal.steps),
    withScripts: proposal.withScripts && moved(proposal.withScripts),
    notes: proposal.notes.map((note) => `${dir}: ${note}`),
  }
}
