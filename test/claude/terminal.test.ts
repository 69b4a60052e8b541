import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { withClaude } from '../rig/claude.ts'
import { long } from '../rig/long.ts'
import { bash, say } from '../rig/messages-api.ts'
import { lastingGate, pidsOf, until } from './lasting.ts'
import { type Held, heldThroughout, typesOf } from './rig.ts'
import { type Terminal, ctrlC, escape, inTerminal } from './terminal.ts'

const order = '$autonomous-loop write the greeting'
const wrong = bash('mkdir -p src && printf hullo > src/greeting.txt')
/** A lone `sleep` is refused by Claude Code. */
const stays = bash('tail -f /dev/null')
const work = bash('mkdir -p src && printf hello > src/greeting.txt')

withClaude((bin) => {
  let lab: Held
  heldThroughout(bin, (made) => (lab = made))

  const newest = async (): Promise<Record<string, unknown>> => {
    const { sessions } = await lab.json(['status'])
    const all = sessions as Record<string, unknown>[]
    const at = (one: Record<string, unknown>): string => String(one['created_at'])
    return all.toSorted((a, b) => at(b).localeCompare(at(a)))[0] ?? {}
  }

  test('typed: armed, blocked, released; an order reaches no model; an interrupt and /clear lose no contract', async () => {
    await inTerminal(lab, [], async (tui) => {
      await heldAndReleased(tui)
      lab.reset()
      await interruptedAndCleared(tui)
      expect(await tui.leave()).toBe(0)
    })
  }, 120_000)

  async function heldAndReleased(tui: Terminal): Promise<void> {
    lab.says([say('Done.')], [wrong], [say('Done now.')], [work], [say('Really done.')])
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
    const { session_id: id, state } = await newest()
    expect(state).toBe('released')
    expect(await typesOf(lab, String(id))).toEqual(['activated', 'stop', 'stop', 'stop', 'finalised'])
  }

  async function interruptedAndCleared(tui: Terminal): Promise<void> {
    lab.says({ says: [say('never')], delayMs: 600_000 })
    const asked = lab.api.requests.length
    await tui.enter(order)
    await until(() => lab.api.requests.length === asked + 1)
    tui.type(escape)
    // Nothing was said yet, so the prompt is given back.
    await tui.sees(/❯ \$autonomous-loop write the greeting ─(?!.*esc to interrupt)/)
    lab.says([say('half.'), stays])
    tui.type('\r')
    await tui.sees(/this contract is open already\. .* ● half\./)
    expect(tui.screen()).toContain('the last turn ended without a check')
    expect(lab.api.requests.at(-1)?.text).toContain('stop 0 of 12 used')
    await tui.interrupt()

    await tui.enter('/clear')
    await tui.sees(/SessionStart:clear says: .*is not bound by it\. .*autonomous-loop resume \w{12}/)
    const { session_id: id, run_id: run, ...left } = await newest()
    expect(left).toMatchObject({
      state: 'active',
      live: false,
      next: `go on with it: claude --resume ${String(id)}`,
    })

    const word = `autonomous-loop resume ${String(run).slice(0, 12)}`
    expect(tui.screen()).toContain(word)
    await tui.enter(word)
    await tui.sees(/autonomous-loop: moved here\./)
    expect(lab.api.requests).toHaveLength(asked + 2)
    if (!long) return
    await released(tui)
    expect(await typesOf(lab, String(id))).toEqual(['activated', 'unjudged', 'prompt', 'closed'])
  }

  if (!long) return

  test.each([
    ['Esc', 'a command of the agent runs'],
    ['Ctrl-C', 'a command of the agent runs'],
    ['Esc', 'our hook runs a gate'],
  ])(
    '%s while %s: nothing is left of it, and the next prompt says that nothing was judged',
    async (key, when) => {
      const gate = lastingGate(lab)
      const inGate = when === 'our hook runs a gate'
      lab.says([say('half.'), inGate ? bash(gate.take) : stays], [say('Done.')])
      await inTerminal(lab, [], async (tui) => {
        await tui.enter(order)
        await until(() => (inGate ? gate.runs() : pidsOf(lab, /^tail -f/).length > 0))
        await tui.interrupt(key === 'Esc' ? escape : ctrlC)
        await until(() => pidsOf(lab, /^tail -f|hook\.cjs stop|check\.js/).length === 0)
        const { session_id: id, state } = await newest()
        expect(state).toBe('active')
        expect(await typesOf(lab, String(id))).toEqual(['activated'])
        await released(tui, gate.drop)
        expect(tui.screen()).toContain('the last turn ended without a check: an error, an interrupt')
        expect(await typesOf(lab, String(id))).toEqual(['activated', 'unjudged', 'prompt', 'stop'])
      })
    },
  )

  test.each(['Ctrl-C twice', 'the terminal is closed'])(
    '%s in a turn: the contract is open, and --resume goes on with it',
    async (how) => {
      lab.says([say('half.'), stays])
      await inTerminal(lab, [], async (tui) => {
        await tui.enter(order)
        await until(() => pidsOf(lab, /^tail -f/).length > 0)
        if (how !== 'Ctrl-C twice') return
        await tui.interrupt(ctrlC)
        expect(await tui.leave()).toBe(0)
      })
      await until(() => pidsOf(lab, /^tail -f|claude --permission-mode/).length === 0)
      const { session_id: id, state, live, next } = await newest()
      expect({ state, live, next }).toEqual({
        state: 'active',
        live: false,
        next: `go on with it: claude --resume ${String(id)}`,
      })
      await inTerminal(lab, ['--resume', String(id)], async (tui) => {
        await released(tui)
        expect(tui.screen()).toContain('the last turn ended without a check')
        // What the first prompt said, and once more at the start.
        expect(lab.api.requests.at(-1)?.text.split('under a frozen contract').length).toBeGreaterThan(2)
        expect(await typesOf(lab, String(id))).toEqual(['activated', 'session', 'unjudged', 'prompt', 'stop'])
      })
    },
  )

  test('parked it says what the agent asks, and the next prompt goes on', async () => {
    lab.plays(({ index, text }) =>
      index === 0
        ? [bash(`'${lab.cliPath}' request wait --reason 'which colour'`)]
        : [say(`I wait. ${/AUTOLOOP_WAIT:\w+/.exec(text)?.[0]}`)],
    )
    await inTerminal(lab, [], async (tui) => {
      await tui.enter(order)
      await tui.sees(
        /Stop hook stopped Claude autonomous-loop: parked, waiting for you\. The agent asks: which colour/,
      )
      expect(await newest()).toMatchObject({ state: 'parked' })
      await released(tui)
    })
  })

  test('an order while the agent works counts at once, and is answered on the screen when the turn is over', async () => {
    const lasts = bash('mkdir -p src; : > src/begun; while [ ! -e src/go ]; do sleep 0.1; done')
    lab.says([lasts], [say('Done.')])
    const asked = lab.api.requests.length
    await inTerminal(lab, [], async (tui) => {
      await tui.enter(order)
      await until(() => fs.existsSync(path.join(lab.repo, 'src/begun')))
      await tui.enter('autonomous-loop waive')
      await tui.sees(/Queued/)
      while ((await newest())['state'] === 'active');
      lab.write('src/go', '')
      await tui.sees(/● Done\. .*Operation stopped by hook: autonomous-loop: Run \w+ is waived/)
      expect(lab.api.requests).toHaveLength(asked + 2)
      expect(tui.screen()).not.toContain('Stop hook reported a problem')
    })
  })

  test('the shell mode of the TUI counts as the shell of the agent', async () => {
    lab.says([say('half.'), stays])
    await inTerminal(lab, [], async (tui) => {
      await tui.enter(order)
      await tui.sees(/● half\./)
      await tui.interrupt()
      lab.says([say('I saw it.')])
      tui.type('!')
      await tui.sees(/! for shell mode/)
      await tui.enter(`'${lab.cliPath}' waive`)
      await tui.sees(/"error_code": "person-only"/)
      expect(await newest()).toMatchObject({ state: 'active' })
    })
  })

  test('a branch and a fork are not bound, and the person is told', async () => {
    lab.says([say('half.'), stays])
    await inTerminal(lab, [], async (tui) => {
      await tui.enter(order)
      await tui.sees(/● half\./)
      await tui.interrupt()
      const { run_id: run, session_id: id } = await newest()
      const told = new RegExp(`SessionStart:fork says: .*autonomous-loop resume ${String(run).slice(0, 12)}`)
      await tui.enter('/branch')
      await tui.sees(told)
      await tui.leave()
      await inTerminal(lab, ['--resume', String(id), '--fork-session'], (fork) => fork.sees(told))
    })
  })

  async function released(tui: Terminal, first = 'true'): Promise<void> {
    lab.says([bash(`${first}; mkdir -p src && printf hello > src/greeting.txt`)], [say('Done.')])
    await tui.enter('go on')
    await tui.sees(/Stop says: autonomous-loop: released\./, 40_000)
  }
})
