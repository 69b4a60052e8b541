import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { withClaude } from '../rig/claude.ts'
import { sampleOf } from '../rig/long.ts'
import { bash, say } from '../rig/messages-api.ts'
import { lastingGate, pidsOf, until } from './lasting.ts'
import { type Held, heldThroughout, runOf, said, spoken, typesOf } from './rig.ts'

const order = '$autonomous-loop write the greeting'
/** Who is ended, and when. */
const kills = [
  ['the shim', 'while a gate runs', /^\S*sh \S+\/bin\/hook stop claude/],
  ['Claude Code', 'while a gate runs', null],
  ['the program of the hook', 'while a gate runs', /^\S*node \S+hook\.cjs stop claude/],
  ['Claude Code', 'while the model answers', null],
] as const

withClaude((bin) => {
  let lab: Held
  heldThroughout(bin, (made) => (lab = made))

  test.each(sampleOf(kills, 2))(
    '%s is killed %s: the record holds, and the next stop judges',
    async (_who, when, line) => {
      const gate = lastingGate(lab)
      const isAsked = when === 'while the model answers'
      lab.says(
        [bash(`mkdir -p src && printf hello > src/greeting.txt && ${gate.take}`)],
        isAsked ? { says: [say('never')], delayMs: 600_000 } : [say('Done.')],
      )
      const before = lab.api.requests.length
      const session = lab.startClaude(order)
      await until(() => (isAsked ? lab.api.requests.length === before + 2 : gate.runs()))
      for (const pid of line === null ? [session.pid] : pidsOf(lab, line)) process.kill(pid, 'SIGKILL')
      const first = spoken(await session.done)
      const { sessionId } = first
      await until(() => pidsOf(lab, /hook\.cjs stop claude/).length === 0)
      expect(await typesOf(lab, sessionId)).not.toContain('stop')
      expect(await runOf(lab, sessionId)).toMatchObject({ state: 'active', host: 'claude' })

      lab.says([bash(gate.drop)], [say('Done.')])
      const second = await lab.claude('go on', ['--resume', sessionId])
      expect(said(second).at(-1)).toContain('autonomous-loop: released.')
      // That the turn before ended without a verdict is on record, and the person is told.
      expect(await typesOf(lab, sessionId)).toContain('unjudged')
      expect(said(second)).toContainEqual(expect.stringContaining('ended without a check'))
    },
  )

  test('a cap on blocks that a project sets lets a turn go: the next prompt says so, and it is on record', async () => {
    const settings = path.join(lab.repo, '.claude/settings.json')
    fs.mkdirSync(path.dirname(settings))
    fs.writeFileSync(settings, JSON.stringify({ env: { CLAUDE_CODE_STOP_HOOK_BLOCK_CAP: '1' } }))
    lab.says([say('Done.')])
    const first = await lab.claude(order)
    expect(said(first)).toContainEqual(
      expect.stringContaining('A hook blocked the turn from ending 2 consecutive times'),
    )
    expect(await typesOf(lab, first.sessionId)).toEqual(['activated', 'stop', 'stop'])

    lab.says([bash('mkdir -p src && printf hello > src/greeting.txt')], [say('Done.')])
    const second = await lab.claude('go on', ['--resume', first.sessionId])
    fs.rmSync(path.dirname(settings), { recursive: true })
    const why = 'Claude Code lets a turn go after 1 blocks in a row (CLAUDE_CODE_STOP_HOOK_BLOCK_CAP)'
    expect(said(second)).toContainEqual(expect.stringContaining(why))
    expect(await typesOf(lab, first.sessionId)).toContain('unjudged')
    expect(said(second).at(-1)).toContain('autonomous-loop: released.')
  })

  test('without a cap ten blocks in a row hold', async () => {
    const file = path.join(lab.repo, '.codex', 'autoloop.project.json')
    const text = fs.readFileSync(file, 'utf8')
    const config = JSON.parse(text) as object
    fs.writeFileSync(
      file,
      JSON.stringify({ ...config, defaults: { maxStopIterations: 10, maxRepeatedFailureSignature: 99 } }),
    )
    await lab.json(['allow', '--repo', lab.repo])
    lab.says([say('Done.')])
    const session = await lab.claude(order)
    expect(await runOf(lab, session.sessionId)).toMatchObject({ state: 'halted', iteration: 10 })
    expect(lab.api.requests.at(-1)?.text).toContain('stop 10 of 10')
  })
})
