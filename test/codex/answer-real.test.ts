import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { renderAnswer } from '../../src/codex/answer.ts'
import { parsePayload } from '../../src/codex/payload.ts'
import type { HookAnswer, HookEvent } from '../../src/codex/types.ts'
import {
  type CodexVersion,
  type Lab,
  codexVersions,
  currentCodex,
  inOrder,
  inputTexts,
  message,
  updatePlan,
  withLab,
} from '../rig/codex.ts'
import { long, sampleOf } from '../rig/long.ts'

const EVENTS: HookEvent[] = ['SessionStart', 'UserPromptSubmit', 'PostToolUse', 'Stop']

/** A hook that keeps every payload and answers with the file named after its event and count, if there is one. */
const HOOK = `#!/bin/sh
dir=$(dirname "$0"); n=0
while [ -e "$dir/$1.$n.payload" ]; do n=$((n+1)); done
cat > "$dir/$1.$n.payload"
[ ! -e "$dir/$1.$n.answer" ] || cat "$dir/$1.$n.answer"
`

/** Runs codex once with these answers (of the first, second, … time each event fires). */
async function run(
  version: CodexVersion,
  answers: Partial<Record<HookEvent, HookAnswer[]>>,
  use: (lab: Lab, dir: string, stderr: string) => void,
) {
  const script = inOrder(
    [updatePlan([{ step: 'A', status: 'completed' }])],
    [message('one')],
    [message('two')],
  )
  const config = '[tools.update_plan]\nenabled = true\n'
  await withLab({ version, script, config }, async (lab) => {
    const dir = path.join(lab.dir, 'hook')
    fs.mkdirSync(dir)
    fs.writeFileSync(path.join(dir, 'hook'), HOOK, { mode: 0o755 })
    const hooks = Object.fromEntries(
      EVENTS.map((event) => [
        event,
        [{ hooks: [{ type: 'command', command: `${dir}/hook ${event}`, timeout: 20 }] }],
      ]),
    )
    fs.writeFileSync(path.join(lab.codexHome, 'hooks.json'), JSON.stringify({ hooks }))
    for (const event of EVENTS)
      for (const [index, answer] of (answers[event] ?? []).entries())
        fs.writeFileSync(path.join(dir, `${event}.${index}.answer`), renderAnswer(answer, event))
    const result = await lab.codex(['exec', '--dangerously-bypass-hook-trust', 'do it'])
    expect(result.code).toBe(0)
    use(lab, dir, result.stderr)
  })
}

describe.each(long ? codexVersions : [currentCodex])('codex %s', (version) => {
  test('payloads parse, a block and contexts reach the model whole', async () => {
    const reason = `T1 <open> & "not" 'done' 😀 ${'é&'.repeat(3000)} END`
    const context = `CONTEXT ${'ü'.repeat(8000)} TAIL`
    await run(
      version,
      {
        SessionStart: [{ kind: 'context', event: 'SessionStart', text: context, systemMessage: 'm' }],
        UserPromptSubmit: [{ kind: 'context', event: 'UserPromptSubmit', text: 'ARMED' }],
        PostToolUse: [{ kind: 'message', text: 'seen' }],
        Stop: [{ kind: 'block', reason, systemMessage: 'blocked' }],
      },
      (lab, dir, stderr) => {
        expect(stderr).toContain('Stop Blocked')
        expect(stderr).not.toContain('Failed')
        const texts = inputTexts(lab.requests.at(-1) ?? { body: {} })
        const block = texts.find((text) => text.includes('<hook_prompt')) ?? ''
        expect(block).toContain(`T1 &lt;open&gt; &amp; "not" 'done' 😀`)
        expect(block).toMatch(/bytes left out .*END<\/hook_prompt>$/s)
        expect(texts.find((text) => text.startsWith('message:developer CONTEXT'))).toMatch(/left out.*TAIL$/s)
        expect(texts).toContain('message:developer ARMED')
        expect(texts.join('\n')).not.toContain('truncated output')

        const payloads = fs
          .readdirSync(dir)
          .filter((name) => name.endsWith('.payload'))
          .sort()
        const parsed = payloads.map((name) => parsePayload(fs.readFileSync(path.join(dir, name), 'utf8')))
        expect(parsed.filter((each) => !each.ok)).toEqual([])
        expect(payloads).toEqual([
          'PostToolUse.0.payload',
          'SessionStart.0.payload',
          'Stop.0.payload',
          'Stop.1.payload',
          'UserPromptSubmit.0.payload',
        ])
        const stops = parsed.flatMap((each) => (each.ok && each.value.event === 'Stop' ? [each.value] : []))
        expect(stops).toMatchObject([
          { cwd: lab.repo, agentId: null, stopHookActive: false, lastAssistantMessage: 'one' },
          { stopHookActive: true, lastAssistantMessage: 'two' },
        ])
      },
    )
  })

  const ends = [
    ['end', { kind: 'end', stopReason: 'limits', systemMessage: 'halted' }, 'Stop Stopped'],
    ['message', { kind: 'message', text: 'released' }, 'Stop Completed'],
    ['nothing', { kind: 'nothing' }, 'Stop Completed'],
  ] as const
  test.each(sampleOf(ends, 3))('%s ends the turn, accepted', async (_name, answer, status) => {
    await run(version, { Stop: [answer] }, (lab, _dir, stderr) => {
      expect(stderr).toContain(status)
      expect(lab.requests).toHaveLength(2)
    })
  })

  const prompts = [
    ['blocked', { kind: 'block', reason: 'not paused' }, 'UserPromptSubmit Blocked'],
    ['answered', { kind: 'end', stopReason: 'paused' }, 'UserPromptSubmit Stopped'],
  ] as const
  test.each(sampleOf(prompts, 2))('a prompt that is %s costs no request', async (_name, answer, status) => {
    await run(version, { UserPromptSubmit: [answer] }, (lab, _dir, stderr) => {
      expect(stderr).toContain(status)
      expect(lab.requests).toEqual([])
    })
  })
})
