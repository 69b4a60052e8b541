import { afterEach, expect, test } from '@jest/globals'
import { execCommand, inOrder } from '../../rig/codex.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { long, sampleOf } from '../../rig/long.ts'
import { watch } from '../rig.ts'
import { answers, failures, refusal } from './failures.ts'
import { type CodexLab, makeCodexLab } from './rig.ts'

/*
 * How a turn of the real Codex ends, by what the service does. The first request runs a command, so that each failure comes in the
 * middle of a turn. Shown on both releases in the long form.
 */

let lab: CodexLab | undefined
afterEach(async () => lab?.close())

test.each(
  (long ? codexVersions : [currentCodex]).flatMap((version) =>
    sampleOf([...failures, ...answers], 5).map((row) => [version, ...row] as const),
  ),
)('%s: %s', async (version, _name, failure, outcome, parts = {}) => {
  lab = await makeCodexLab(inOrder([execCommand('true')], failure), { version, ...parts })
  const run = watch(lab.codex(), lab.turn)
  expect(await run.outcome).toEqual(outcome)
  expect(run.events).toContainEqual({ kind: 'conversation', id: expect.any(String) })
})

if (long)
  test.each(long ? codexVersions : [currentCodex])(
    '%s: what failed the turn before says nothing of this one',
    async (version) => {
      lab = await makeCodexLab(inOrder(refusal(500, 'server_error'), refusal(404, 'model_not_found')), {
        version,
      })
      const first = watch(lab.codex(), lab.turn)
      expect(await first.outcome).toEqual({ kind: 'overloaded' })
      const [id] = first.events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : []))
      const second = watch(lab.codex(), { ...lab.turn, turn: 2, conversation: id ?? null })
      expect(await second.outcome).toEqual({ kind: 'model-unknown' })
    },
  )
