import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Turn } from '../../../src/agents/agent.ts'
import { transcriptsOf } from '../../../src/agents/claude/conversations.ts'
import { withClaude } from '../../rig/claude.ts'
import { long } from '../../rig/long.ts'
import { bash, messagesInOrder } from '../../rig/messages-api.ts'
import { processesOf } from '../../rig/processes.ts'
import { gatePath, said, watch } from '../rig.ts'
import { type ClaudeLab, KEY, complete, conversationOf, done, makeClaudeLab, tokensOf } from './rig.ts'

/* Turns of the real Claude Code as an agent, without a batch around them. */

let lab: ClaudeLab | undefined
afterEach(async () => lab?.close())

const turn = (more: Partial<Turn> = {}): Turn => ({ ...lab!.turn, ...more })
const limits = (silentMs: number): Pick<Turn, 'limits'> => ({
  limits: { silentMs, lengthMs: 60_000, graceMs: 5000 },
})
const read = (file: string): string => fs.readFileSync(path.join(lab!.workspace, file), 'utf8')

withClaude((bin) => {
  test('ended in the middle of a command, the same conversation goes on, nothing runs on, and no token is lost', async () => {
    lab = await makeClaudeLab(
      bin,
      messagesInOrder(
        [
          bash(
            `env -i /usr/bin/setsid /bin/sh -c 'echo yes > hidden; exec /bin/sleep 1000' >/dev/null 2>&1 &
while [ ! -s hidden ]; do sleep 0.02; done; echo begun > src.txt; sleep 60`,
          ),
        ],
        { says: [done], tokens: 700 },
        { says: [done], tokens: 30 },
      ),
    )
    const first = watch(lab.claude(), turn())
    await first.wrote(path.join(lab.workspace, 'src.txt'))
    first.stop('soft')
    expect(await first.outcome).toEqual({ kind: 'stopped' })
    expect(processesOf(lab.dir)).toEqual([])
    const id = conversationOf(first.events)
    lab.say('Go on.\n')
    // Whoever was to record the tokens of the first turn was killed.
    const second = watch(lab.claude(), turn({ turn: 2, conversation: id, spent: 0 }))
    expect(await second.outcome).toEqual(complete)
    expect(conversationOf(second.events)).toBe(id)
    expect(tokensOf(second.events)).toBe(715)
    const seen = lab.model.requests[1]!.text
    for (const text of ['You work on one item', 'sleep 60', 'Go on.']) expect(seen).toContain(text)
    const third = watch(lab.claude(), turn({ turn: 3, conversation: id, spent: 715 }))
    expect(await third.outcome).toEqual(complete)
    expect(tokensOf(third.events)).toBe(30)
    expect(processesOf(lab.dir)).toEqual([])
  })

  test('what it leaves running ends with it, although that left its group and its environment', async () => {
    lab = await makeClaudeLab(
      bin,
      messagesInOrder(
        [
          bash(
            `(env -i /usr/bin/setsid /bin/sleep 1000 >/dev/null 2>&1 &) ; setsid nohup sleep 1000 >/dev/null 2>&1 & echo left`,
          ),
        ],
        [done],
      ),
    )
    expect(await watch(lab.claude(), turn()).outcome).toEqual(complete)
    expect(processesOf(lab.dir)).toEqual([])
  })

  test('a command that runs is no silence, and a service that says nothing is', async () => {
    lab = await makeClaudeLab(
      bin,
      messagesInOrder([bash("node -e 'setTimeout(() => {}, 9000)'; echo over > over.txt")], {
        says: [done],
        delayMs: 10 * 60_000,
      }),
    )
    expect(await watch(lab.claude(), turn(limits(7000))).outcome).toEqual({ kind: 'silent' })
    expect(read('over.txt')).toBe('over\n')
  })

  test('a conversation that it does not know, or cannot read any more: a new one, that is told', async () => {
    lab = await makeClaudeLab(bin, messagesInOrder([done]))
    const unknown = '01a22990-bfac-45d1-948c-ab23f36c12c5'
    const run = watch(lab.claude(), turn({ conversation: unknown, spent: 99 }))
    expect(await run.outcome).toEqual(complete)
    const id = conversationOf(run.events)
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(id).not.toBe(unknown)
    expect(tokensOf(run.events)).toBe(15)
    const [transcript = ''] = transcriptsOf(lab.configDir, id)
    fs.writeFileSync(transcript, 'x')
    const again = watch(lab.claude(), turn({ turn: 2, conversation: id, spent: 15 }))
    expect(await again.outcome).toEqual(complete)
    expect(conversationOf(again.events)).not.toBe(id)
  })

  test('a program that is not Claude Code does not begin, in its own words', async () => {
    lab = await makeClaudeLab(bin, messagesInOrder([done]))
    const file = lab.at('claude')
    fs.writeFileSync(file, `#!/bin/sh\necho "not today, ${KEY}" >&2\nexit 1\n`, { mode: 0o755 })
    expect(await watch(lab.claude({ bin: file }), turn()).outcome).toEqual({
      kind: 'could-not-start',
      why: {
        code: 'agent-not-started',
        message: 'Claude Code did not begin: not today, ***',
        fix: 'autonomous-loop doctor',
      },
    })
  })

  if (long)
    test('its time is over in the middle of a command: nothing runs on, and the same conversation goes on', async () => {
      lab = await makeClaudeLab(
        bin,
        messagesInOrder([bash('setsid sleep 1000 & echo begun > src.txt; sleep 1001')], [done]),
      )
      const short = { limits: { ...limits(60_000).limits, lengthMs: 25_000 } }
      const first = watch(lab.claude(), turn(short))
      await first.wrote(path.join(lab.workspace, 'src.txt'))
      expect(await first.outcome).toEqual({ kind: 'too-long' })
      expect(processesOf(lab.dir)).toEqual([])
      const second = watch(lab.claude(), turn({ turn: 2, conversation: conversationOf(first.events) }))
      expect(await second.outcome).toEqual(complete)
      expect(conversationOf(second.events)).toBe(conversationOf(first.events))
      expect(lab.model.requests[1]!.text).toContain('sleep 1001')
    }, 120_000)

  if (long)
    test('ended by somebody else, it has crashed, and its conversation is there', async () => {
      lab = await makeClaudeLab(
        bin,
        messagesInOrder([bash('echo $CLAUDE_PID > src.txt; kill -9 $CLAUDE_PID; sleep 60')], [done]),
      )
      const first = watch(lab.claude(), turn())
      expect(await first.outcome).toEqual({ kind: 'crashed', code: 137, signal: null })
      const second = watch(lab.claude(), turn({ turn: 2, conversation: conversationOf(first.events) }))
      expect(await second.outcome).toEqual(complete)
      expect(conversationOf(second.events)).toBe(conversationOf(first.events))
    })

  test('with a sign-in that it renews, its settings are out of reach, and what is beside them stays', async () => {
    lab = await makeClaudeLab(bin, ({ index }) => {
      if (index > 0) return [done]
      const writes = ['settings.json', 'CLAUDE.md', 'skills/f', 'shell-snapshots/f', '.claude.json'].map(
        (file) =>
          `(mkdir -p "$(dirname '${file}')" && echo >> '${file}') 2>/dev/null && echo '${file}' >> "$W/wrote.txt"`,
      )
      return [
        bash(
          [
            `W=$PWD; cd '${lab!.configDir}'; echo "$PATH" > "$W/path.txt"; cp .credentials.json c.tmp`,
            ...writes,
            'mv c.tmp .credentials.json && echo renewed >> "$W/wrote.txt"',
          ].join('\n'),
        ),
      ]
    })
    const oauth = {
      accessToken: 'made-up-access-token',
      refreshToken: 'made-up-refresh-token',
      expiresAt: Date.now() + 24 * 3600_000,
      scopes: ['user:inference', 'user:profile'],
      subscriptionType: 'max',
    }
    fs.writeFileSync(path.join(lab.configDir, '.credentials.json'), JSON.stringify({ claudeAiOauth: oauth }))
    fs.writeFileSync(path.join(lab.configDir, '.claude.json'), '{"projects": {}}')
    const run = watch(lab.claude({}, { ANTHROPIC_API_KEY: undefined }), turn())
    expect(await run.outcome).toEqual(complete)
    expect(lab.model.requests[0]?.headers['authorization']).toBe('Bearer made-up-access-token')
    expect(read('wrote.txt')).toBe('renewed\n')
    expect(read('path.txt')).toBe(`${gatePath}\n`)
    const there = fs.readdirSync(lab.configDir)
    for (const name of ['settings.json', 'CLAUDE.md', 'skills']) expect(there).not.toContain(name)
    expect(fs.readFileSync(path.join(lab.configDir, '.claude.json'), 'utf8')).toBe('{"projects": {}}')
  })

  test('what its commands see, write and reach', async () => {
    const { P, W, O, C } = {
      P: 'data/repo.git/HEAD',
      W: 'data/worktrees/two/a.txt',
      O: 'person/a.txt',
      C: 'claude-home',
    }
    const below = ['vars-home/f', P, W, O, 'codex-home/f', 'codex-home/autoloop/f']
    const own = [`${C}/settings.json`, `${C}/projects/other/memory/f`, `${C}/skills/f`]
    lab = await makeClaudeLab(bin, ({ index }) => {
      if (index > 0) return [done]
      const places = [...[...below, ...own].map((name) => lab!.at(name)), '.git', '.codex/f', 'new.txt']
      const writes = places.map(
        (file) =>
          `(mkdir -p "$(dirname '${file}')" && : >> '${file}') 2>/dev/null && echo '${file}' >> wrote.txt`,
      )
      return [bash(['env > env.txt', ...writes, 'true'].join('\n'))]
    })
    fs.writeFileSync(lab.at(C, 'settings.json'), '{}')
    const vars = {
      A_TOKEN: 't',
      MINE: 'm',
      CLAUDECODE: '1',
      CLAUDE_CODE_SESSION_ID: 'outer',
      CLAUDE_CODE_USE_BEDROCK: '1',
      ANTHROPIC_MODEL: 'stray',
      AUTONOMOUS_LOOP_RUN: 'outer',
      GIT_DIR: '/outer',
    }
    const run = watch(lab.claude({}, vars), turn())
    expect(await run.outcome).toEqual(complete)
    // Of the person's directory what is written goes with the box.
    expect(read('wrote.txt').trim().split('\n')).toEqual([...own.map((name) => lab!.at(name)), 'new.txt'])
    expect(fs.readFileSync(lab.at(C, 'settings.json'), 'utf8')).toBe('{}')
    expect(fs.readdirSync(lab.at(C))).toEqual(['projects', 'settings.json'])
    expect(fs.readdirSync(lab.at(C, 'projects'))).toHaveLength(1)
    const env = Object.fromEntries(
      read('env.txt')
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    expect(env).toMatchObject({
      PATH: gatePath,
      AUTONOMOUS_LOOP_ATTEMPT: '1',
      ANTHROPIC_API_KEY: KEY,
      TMPDIR: path.join(lab.scratch, 'tmp'),
    })
    expect(env['CLAUDE_CODE_SESSION_ID']).toBe(conversationOf(run.events))
    for (const name of [
      'A_TOKEN',
      'MINE',
      'CLAUDE_CODE_USE_BEDROCK',
      'ANTHROPIC_MODEL',
      'AUTONOMOUS_LOOP_RUN',
      'GIT_DIR',
    ])
      expect(env[name]).toBeUndefined()
    expect(said(lab)).not.toContain(KEY)
  })
})
