import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { withClaude } from '../rig/claude.ts'
import { long } from '../rig/long.ts'
import { bash, say } from '../rig/messages-api.ts'
import { until } from './lasting.ts'
import { type Held, openHeld, runOf, typesOf } from './rig.ts'
import { escape, inTerminal } from './terminal.ts'

const order = '$autonomous-loop write the greeting'
const wrong = bash('mkdir -p src && printf hullo > src/greeting.txt')
/** A lone `sleep` is refused by Claude Code. */
const stays = bash('tail -f /dev/null')
const work = bash('mkdir -p src && printf hello > src/greeting.txt')

withClaude((bin) => {
  let lab: Held
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ lab, close } = await openHeld(bin))
  })
  afterAll(() => close())
  beforeEach(() => lab.reset())

  const newest = async (): Promise<Record<string, unknown>> => {
    const { sessions } = await lab.json(['status'])
    const all = sessions as Record<string, unknown>[]
    const at = (one: Record<string, unknown>): string => String(one['created_at'])
    return all.toSorted((a, b) => at(b).localeCompare(at(a)))[0] ?? {}
  }

  test('typed: armed, blocked twice, released on the screen; an order reaches no model', async () => {
    lab.says([say('Done.')], [wrong], [say('Done now.')], [work], [say('Really done.')])
    await inTerminal(lab, [], async (tui) => {
      await tui.enter(order)
      await tui.sees(/UserPromptSubmit says: autonomous-loop: armed\./)
      await tui.sees(/Stop says: autonomous-loop: released\. "write the greeting" is done/, 60_000)
      const asked = lab.api.requests.map(({ text }) => text)
      expect(asked).toHaveLength(5)
      expect(asked[0]).toContain('this session works under a frozen contract')
      expect(asked[1]).toContain('nothing has changed yet')
      expect(asked[3]).toContain('GREETING-CHECK expected hello, got hullo')
      expect(tui.screen()).toMatch(/autonomous-loop: not done yet \(stop 2 of 12\)/)

      await tui.enter('autonomous-loop status')
      await tui.sees(/Operation stopped by hook: autonomous-loop: no open run in this session\./)
      expect(lab.api.requests).toHaveLength(5)
      expect(await tui.leave()).toBe(0)
    })
    const { session_id: id, state } = await newest()
    expect(state).toBe('released')
    expect(await typesOf(lab, String(id))).toEqual(['activated', 'stop', 'stop', 'stop', 'finalised'])
  })

  test('interrupted and sent again it is the same contract; after /clear it is told on the screen, and can be moved', async () => {
    lab.says({ says: [say('never')], delayMs: 600_000 })
    const asked = lab.api.requests.length
    await inTerminal(lab, [], async (tui) => {
      await tui.enter(order)
      await until(() => lab.api.requests.length === asked + 1)
      tui.type(escape)
      // Nothing was said yet, so the prompt is given back.
      await tui.sees(/❯ \$autonomous-loop write the greeting ─(?!.*esc to interrupt)/)
      lab.says([say('half.'), stays])
      tui.type('\r')
      await tui.sees(/this contract is open already\. .* ● half\./)
      expect(tui.screen()).toContain('the last turn ended without a check')
      expect(lab.api.requests.at(-1)?.text.split('under a frozen contract')).toHaveLength(2)
      await tui.interrupt()

      await tui.enter('/clear')
      const { session_id: id, run_id: run } = await newest()
      const word = `autonomous-loop resume ${String(run).slice(0, 12)}`
      await tui.sees(new RegExp(`SessionStart:clear says: .*is not bound by it\\. .*${word}`))
      expect(await runOf(lab, String(id))).toMatchObject({ state: 'active', live: false })
      expect(await typesOf(lab, String(id))).toEqual(['activated', 'unjudged', 'prompt'])

      await tui.enter(word)
      await tui.sees(/autonomous-loop: moved here\./)
      expect(lab.api.requests).toHaveLength(asked + 2)
      expect(await newest()).toMatchObject({ run_id: run, state: 'active', live: true })
      if (!long) return
      lab.says([work], [say('Done.')])
      await tui.enter('go on')
      await tui.sees(/Stop says: autonomous-loop: released\./, 60_000)
    })
  })
})
