import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { AgentEvent } from '../../../src/agents/agent.ts'
import type { ModelScript } from '../../../src/prove/model/scripted-model.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inputTexts, message } from '../../rig/codex.ts'
import { long } from '../../rig/long.ts'
import { watch } from '../rig.ts'
import { failures } from './failures.ts'
import { type CodexLab, makeCodexLab } from './rig.ts'

/*
 * The same failure at the first request of a conversation, and again in the middle of its next turn: nothing that was done, said or
 * used before it is lost.
 */

let lab: CodexLab | undefined
afterEach(async () => lab?.close())

const complete = message('{"status":"complete","summary":"","proposal":null}')
/** One that is waited for; the others are shown in the long form. */
const SHORT = new Set(['a quota with a time'])

test.each(
  (long ? codexVersions : [currentCodex]).flatMap((version) =>
    failures.filter(([name]) => long || SHORT.has(name)).map((row) => [version, ...row] as const),
  ),
)('%s: %s at once, and once more later', async (version, _name, failure, outcome, parts = {}) => {
  let turn = 0
  let said = 0
  const script: ModelScript = (request) => {
    const wasAsked = inputTexts(request).join('\n').includes('half.txt')
    if (turn === 1 || (turn === 2 && wasAsked)) return failure
    said += 1
    return [turn === 2 ? execCommand('echo half > half.txt; echo done') : complete]
  }
  lab = await makeCodexLab(script, { version, ...parts })
  const events: AgentEvent[] = []
  const take = async (): Promise<unknown> => {
    turn += 1
    lab!.say(`Turn ${turn}.\n`)
    const run = watch(lab!.codex(), { ...lab!.turn, turn, conversation: ids()[0] ?? null, spent: tokens() })
    const ended = await run.outcome
    events.push(...run.events)
    return ended
  }
  const ids = (): readonly string[] => events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : []))
  let counted = 0
  const tokens = (): number => counted
  for (const end of [outcome, outcome, { kind: 'finished', answer: { status: 'complete', summary: '' } }]) {
    const from = events.length
    expect(await take()).toEqual(end)
    counted += events.slice(from).reduce((last, one) => (one.kind === 'usage' ? one.tokens : last), 0)
  }
  expect(new Set(ids()).size).toBe(1)
  expect(tokens()).toBe(15 * said)
  expect(fs.readFileSync(path.join(lab.workspace, 'half.txt'), 'utf8')).toBe('half\n')
  const seen = inputTexts(lab.model.requests.at(-1)!).join('\n')
  for (const text of ['Turn 1.', 'half.txt', 'Turn 3.']) expect(seen).toContain(text)
  // In its own words, for the person.
  expect(events.filter((one) => one.kind === 'failure')).toEqual(
    Array.from({ length: 2 }, () => ({ kind: 'failure', text: expect.stringMatching(/\S/) as unknown })),
  )
})
