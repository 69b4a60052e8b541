import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { withClaude } from '../rig/claude.ts'
import { bash, call, say } from '../rig/messages-api.ts'
import { type Held, feedback, heldThroughout, runOf, said, typesOf } from './rig.ts'

const wrong = bash('mkdir -p src && printf hullo > src/greeting.txt')
const work = bash('mkdir -p src && printf hello > src/greeting.txt')
const order = '$autonomous-loop write the greeting'

withClaude((bin) => {
  let lab: Held
  heldThroughout(bin, (made) => (lab = made))

  const modelRead = (nth: number, words: string): boolean =>
    lab.api.requests.at(nth)?.text.includes(words) === true

  test('armed by its prompt, blocked twice, then released', async () => {
    lab.says([say('Done.')], [wrong], [say('Done now.')], [work], [say('Really done.')])
    const session = await lab.claude(order)
    expect(session).toMatchObject({
      code: 0,
      result: { subtype: 'success', terminal_reason: 'completed', result: 'Really done.' },
    })
    expect(feedback(session)).toEqual([
      expect.stringContaining('nothing has changed yet'),
      expect.stringContaining('GREETING-CHECK expected hello, got hullo'),
    ])
    expect(said(session)).toEqual([
      expect.stringContaining('autonomous-loop: armed.'),
      expect.stringContaining('autonomous-loop: released.'),
    ])
    expect(modelRead(0, 'this session works under a frozen contract')).toBe(true)
    expect(await typesOf(lab, session.sessionId)).toEqual(['activated', 'stop', 'stop', 'stop'])
    expect(await runOf(lab, session.sessionId)).toMatchObject({ state: 'released' })
  })

  test('what is for the person is not for the agent: in its shell, and in its own session', async () => {
    const cli = `'${lab.cliPath}'`
    const typed = `printf '%s' 'autonomous-loop waive' | '${bin}' -p --resume "$CLAUDE_CODE_SESSION_ID" --output-format json`
    lab.says(
      [bash(`${cli} waive; ${cli} disable; true`)],
      [bash(typed)],
      [say('Done.')],
      [work],
      [say('Done.')],
    )
    const session = await lab.claude(order)
    expect(modelRead(-4, 'is for the person')).toBe(true)
    expect(modelRead(-3, "this prompt comes from an agent's shell")).toBe(true)
    expect(feedback(session)).toHaveLength(1)
    expect(await runOf(lab, session.sessionId)).toMatchObject({ state: 'released' })

    // The person's own prompts reach no model.
    const asked = lab.api.requests.length
    const status = await lab.claude('autonomous-loop status', ['--resume', session.sessionId])
    expect(status.result['result']).toContain('autonomous-loop: no open run in this session.')
    expect(lab.api.requests).toHaveLength(asked)
  })

  test('what the agent left running is named, and ended', async () => {
    const leave = bash(
      "mkdir -p src && printf hello > src/greeting.txt; setsid -f node -e 'setInterval(() => {}, 1000)' leftover >/dev/null 2>&1 </dev/null; true",
    )
    lab.says([leave], [say('Done.')])
    const session = await lab.claude(order)
    expect(feedback(session)).toEqual([expect.stringContaining('leftover')])
    expect(said(session).at(-1)).toContain('autonomous-loop: released.')
    expect(await typesOf(lab, session.sessionId)).toContain('ending')
  })

  test('nothing is judged while a sub-agent works; its end begins a turn that is', async () => {
    lab.plays(({ index, text }) => {
      if (!text.includes(order)) return { says: [say('sub done')], delayMs: 1500 }
      if (index === 0)
        return [call('Agent', { description: 'd', prompt: 'look', subagent_type: 'general-purpose' })]
      return text.includes('sub done') ? [say('Done.')] : [say('I wait.')]
    })
    const session = await lab.claude(order)
    expect(said(session)).toContainEqual(expect.stringContaining('nothing is judged while sub-agents work'))
    expect(feedback(session).length).toBeGreaterThan(0)
  })

  test('a session that nobody armed costs a shell: no program of ours starts, no word is said', async () => {
    for (const version of fs.readdirSync(path.join(lab.home, 'bin')))
      // Started, it would not be found, and the shim says so.
      if (!version.includes('hook') && version !== 'autonomous-loop')
        fs.rmSync(path.join(lab.home, 'bin', version, 'hook.cjs'))
    const before = fs.readdirSync(lab.home, { recursive: true })
    const plain = path.join(lab.dir, 'plain')
    fs.mkdirSync(plain)
    lab.says([work], [say('Done.')])
    const session = await lab.claude('write the greeting', [], plain)
    expect(said(session)).toEqual([])
    expect(session).toMatchObject({ code: 0, result: { result: 'Done.' } })
    expect(fs.readdirSync(lab.home, { recursive: true })).toEqual(before)
    // The stop of a session that is to be held says why it cannot be: nothing ends without a word.
    expect(said(await lab.claude(order)).join('\n')).toContain('its program is missing')
  })
})
