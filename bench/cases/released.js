import fs from 'node:fs'
import path from 'node:path'
import { interleave } from '../parts/measure.js'
import { extra, ratio } from '../parts/rows.js'
import { answered, bareNode, bareShell, gitStatus, silent, withoutNode } from '../parts/ways.js'
import { arm, fileName, makeRepo } from '../parts/world.js'

export const name = 'released'
export const about = 'events after a release: the first prompt looks once more, then nothing of ours starts'

export function run({ world, rounds, scale }) {
  return [20, 2_000].flatMap((files) => afterRelease(world, scale(files), rounds))
}

function afterRelease(world, files, rounds) {
  const repo = makeRepo(world, `released-${files}`, { files })
  const session = arm(world, repo, { kind: 'pathExists', path: fileName(0) })
  answered(world, repo, session)
  const restore = keep(world, session)
  const prompt = { ...silent(world.shim, world, 'user-prompt-submit', repo, session), before: restore }
  const first = interleave({ node: bareNode, git: gitStatus(repo), prompt }, rounds(25), 3)
  const marker = path.join(world.home, 'armed', session)
  if (fs.existsSync(marker)) throw new Error('the prompt did not make the release final')

  const events = (shim) => ({
    stop: silent(shim, world, 'stop', repo, session),
    prompt: silent(shim, world, 'user-prompt-submit', repo, session),
  })
  const after = interleave({ sh: bareShell, ...events(world.shim) }, rounds(30), 3)
  // An answer would show that the shim wanted to start node.
  interleave(events(withoutNode(world)), 1, 0)
  const of = `${files} files`
  return [
    ratio(`first prompt after a release, ${of}`, first, 'prompt', ['node', 'git'], 3),
    extra(`stop after a final release, ${of}`, after, 'stop', 'sh', 4),
    extra(`prompt after a final release, ${of}`, after, 'prompt', 'sh', 4),
  ]
}

/** What puts the provisional release back as it is now. */
function keep({ dir, home }, session) {
  const kept = path.join(dir, `kept-${session}`)
  const places = ['sessions', 'armed'].map((name) => [path.join(home, name, session), path.join(kept, name)])
  if (!fs.existsSync(path.join(home, 'armed', session))) throw new Error('the release is not provisional')
  for (const [place, copy] of places) fs.cpSync(place, copy, { recursive: true, preserveTimestamps: true })
  return () => {
    for (const [place, copy] of places) {
      fs.rmSync(place, { recursive: true, force: true })
      fs.cpSync(copy, place, { recursive: true, preserveTimestamps: true })
    }
  }
}
