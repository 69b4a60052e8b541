import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { ModelAnswer } from '../../../src/prove/model/scripted-model.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inputTexts, message } from '../../rig/codex.ts'
import { long } from '../../rig/long.ts'
import { item } from '../rig.ts'
import { type CodexSite, answer, makeCodexSite } from './rig.ts'

/* What cuts a turn short, and the conversation that goes on. */

let site: CodexSite | undefined
afterEach(async () => site?.close())

const versions = long ? codexVersions : [currentCodex]
const complete: ModelAnswer = [message(answer('complete'))]
const types = (events: readonly BatchEvent[]): string[] => events.map((one) => one.type)
const conversationsIn = (events: readonly BatchEvent[]): string[] =>
  events.flatMap((one) => (one.type === 'conversation' ? [one.data.conversation] : []))
const tokensIn = (events: readonly BatchEvent[]): number =>
  events.reduce((sum, one) => sum + (one.type === 'turn-ended' ? (one.data.tokens ?? 0) : 0), 0)

if (long)
  test.each(versions)(
    'Codex %s: a quota in the middle of a turn is waited for, and the same conversation goes on',
    async (version) => {
      let resets = 0
      const quota = (): ModelAnswer => {
        resets = Math.ceil(Date.now() / 1000) + 1
        return {
          status: 429,
          body: { error: { type: 'usage_limit_reached', message: 'x', plan_type: 'pro', resets_at: resets } },
          headers: {
            'x-codex-primary-used-percent': '100',
            'x-codex-primary-window-minutes': '300',
            'x-codex-primary-reset-at': String(resets),
          },
        }
      }
      const answers = [
        () => [execCommand('echo half > src/half.txt')],
        quota,
        () => [execCommand('echo x > src/whole.txt')],
      ]
      site = await makeCodexSite({
        version,
        items: { '001-a.md': item() },
        model: ({ index }) => answers[index]?.() ?? complete,
      })
      await site.cli(['allow'])
      const { code, events } = await site.cli(['run', '--json'])
      expect(code).toBe(0)
      const ended = events.filter((one) => one.type === 'turn-ended').map((one) => one.data)
      expect(ended).toMatchObject([
        {
          outcome: { kind: 'quota', resetsAt: resets * 1000 },
          tokens: 15,
          quota: [{ usedPercent: 100, resetsAt: resets * 1000, windowMinutes: 300 }],
        },
        { outcome: { kind: 'finished' }, tokens: 30 },
      ])
      expect(conversationsIn(events)).toHaveLength(1)
      expect(events.filter((one) => one.type === 'attempt-opened')).toHaveLength(1)
      expect(site.show('src/half.txt')).toBe('half\n')
      expect(site.show('src/whole.txt')).toBe('x\n')
      expect(inputTexts(site.model.requests[2]!).join('\n')).toContain('echo half > src/half.txt')
    },
    120_000,
  )

/** A signal, and what the next call begins with. */
const signals = [
  // Nobody put on record how the turn ended.
  ['SIGKILL', ['started', 'turn-ended', 'turn-begun'], 30],
  ['SIGINT', ['started', 'turn-begun', 'turn-ended'], 15],
] as const

test.each(versions.flatMap((one) => signals.slice(0, long ? 2 : 1).map((row) => [one, ...row] as const)))(
  'Codex %s: %s to the supervisor in the middle of a command, and the conversation goes on',
  async (version, signal, kinds, tokens) => {
    const begun = 'src/half.txt'
    const answers = [[execCommand(`echo half > src/half.txt; sleep 60`)]]
    site = await makeCodexSite({
      version,
      items: { '001-a.md': item() },
      model: ({ index }) => answers[index] ?? complete,
    })
    await site.cli(['allow'])
    const first = site.start(['run', '--json'])
    await first.event((one) => one.type === 'conversation')
    const worktrees = path.join(path.dirname(site.bare()), 'worktrees')
    await appeared(path.join(worktrees, '001', begun))
    first.child.kill(signal)
    const before = (await first.done).events
    const { code, events } = await site.cli(['run', '--json'])
    expect({ code, kinds: types(events).slice(0, 3) }).toEqual({ code: 0, kinds })
    // The same one, so that it is not told again.
    expect(conversationsIn(events)).toEqual([])
    expect(conversationsIn(before)).toHaveLength(1)
    expect(site.model.requests[1]?.body).toMatchObject({
      prompt_cache_key: site.model.requests[0]?.body['prompt_cache_key'],
    })
    expect(inputTexts(site.model.requests[1]!).join('\n')).toContain('echo half > src/half.txt')
    expect(events.filter((one) => one.type === 'attempt-opened')).toEqual([])
    // What the turn that was cut short used too, if nobody had put that on record.
    expect(tokensIn(events)).toBe(tokens)
    expect(tokensIn([...before, ...events])).toBe(30)
    expect(site.show('src/half.txt')).toBe('half\n')
  },
  120_000,
)

async function appeared(file: string): Promise<void> {
  while (!fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20))
}
