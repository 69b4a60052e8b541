import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import type { AgentEvent, Turn } from '../../../src/agents/agent.ts'
import { reviewForm } from '../../../src/agents/review-answer.ts'
import { answerForm } from '../../../src/agents/answer-form.ts'
import { withGemini } from '../../rig/gemini.ts'
import { type GeminiAnswer, call, inOrder, say, shell, toolsIn } from '../../rig/gemini-api.ts'
import { processesOf } from '../../rig/processes.ts'
import { watch } from '../rig.ts'
import { answer } from './answer.ts'
import { type GeminiLab, makeGeminiLab } from './rig.ts'

/* Turns of the real Gemini CLI as an agent, without a batch around them. */

let lab: GeminiLab | undefined
afterEach(async () => lab?.close())

const done = [say(answer('complete'))]
const complete = { kind: 'finished', answer: { status: 'complete', summary: '' } }
const turn = (more: Partial<Turn> = {}): Turn => ({
  ...lab!.turn,
  limits: { silentMs: 120_000, lengthMs: 120_000, graceMs: 5000 },
  ...more,
})
const conversationOf = (events: readonly AgentEvent[]): string =>
  events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : [])).at(-1) ?? ''
const tokensOf = (events: readonly AgentEvent[]): number | undefined =>
  events.flatMap((one) => (one.kind === 'usage' ? [one.tokens] : [])).at(-1)
const UNKNOWN = '01a22990-bfac-45d1-948c-ab23f36c12c5'
const READING = ['list_directory', 'read_file', 'grep_search', 'glob']
const read = (file: string): string => fs.readFileSync(path.join(lab!.workspace, file), 'utf8')

withGemini((bin) => {
  test('what a worker of it sees, writes and reaches', async () => {
    // Gemini itself refuses commands with a substitution in them.
    const script = (of: GeminiLab): string =>
      [
        `G=${of.config} P=${of.at('data/repo.git')} W=${of.at('data/worktrees/two')} O=${of.person} A=${of.home} N=${path.basename(of.dir)}`,
        'env > env.txt',
        'for f in "$HOME/f" "$G/settings.json" "$G/f" "$P/HEAD" "$W/a.txt" "$O/a.txt" "$A/f" .git .codex/config.toml "/tmp/$N" "$TMPDIR/f" new.txt; do (: >> "$f") 2>/dev/null && echo "$f" >> wrote.txt; done',
        `echo > /dev/tcp/127.0.0.1/${of.api.port}; echo $? > net.txt`,
      ].join('\n')
    lab = await makeGeminiLab(bin, ({ index }) =>
      index === 0
        ? { says: [say('Looking.'), shell(script(lab!))], tokens: 700 }
        : { says: done, tokens: 30 },
    )
    fs.writeFileSync(
      path.join(lab.config, 'settings.json'),
      '{"general": {"maxAttempts": 5}, // mine\n "hooks": {}}',
    )
    const stray = { GEMINI_MODEL: 'outer', A_TOKEN: 'outer', GEMINI_CLI_SYSTEM_SETTINGS_PATH: '/outer' }
    const run = watch(lab.gemini({}, stray), turn())
    expect(await run.outcome).toEqual(complete)
    const own = path.basename(lab.dir)
    expect(read('wrote.txt').trim().split('\n')).toEqual([
      // Of the box, and gone with it.
      `/tmp/${own}`,
      path.join(lab.scratch, 'tmp/f'),
      'new.txt',
    ])
    expect(fs.existsSync(path.join('/tmp', own))).toBe(false)
    expect(read('net.txt')).toBe('0\n')
    const env = read('env.txt')
    expect(env).toContain('AUTONOMOUS_LOOP_ATTEMPT=1\n')
    for (const word of ['made-up-key', 'outer']) expect(env).not.toContain(word)
    expect(tokensOf(run.events)).toBe(730)
    expect(run.events).toContainEqual({ kind: 'message', text: 'Looking.' })
    expect(lab.api.others).toEqual([])
    expect(fs.readdirSync(lab.config)).toEqual(['settings.json'])
  }, 120_000)

  test('ended in the middle of a command: nothing of it is left, and the conversation goes on in another worktree', async () => {
    const long = (file: string): GeminiAnswer => ({
      says: [shell(`setsid sleep 1000 & sleep 1001 & echo begun > ${file}; sleep 1002`)],
      tokens: 700,
    })
    lab = await makeGeminiLab(bin, inOrder(long('one.txt'), long('two.txt'), { says: done, tokens: 30 }))
    const first = watch(lab.gemini(), turn())
    await first.wrote(path.join(lab.workspace, 'one.txt'))
    process.kill(pidOf(bin, lab.scratch), 'SIGTERM')
    // Its own exit code says that all is well.
    expect(await first.outcome).toEqual({ kind: 'crashed', code: 0, signal: null })
    expect(processesOf(lab.dir)).toEqual([])
    const id = conversationOf(first.events)
    const elsewhere = lab.at('data/worktrees/three')
    fs.mkdirSync(elsewhere)
    lab.say('Go on.\n')
    // Whoever was to record the tokens of the first turn was killed.
    const second = watch(lab.gemini(), turn({ turn: 2, conversation: id, spent: 0, workspace: elsewhere }))
    await second.wrote(path.join(elsewhere, 'two.txt'))
    second.stop('soft')
    expect(await second.outcome).toEqual({ kind: 'stopped' })
    expect(processesOf(lab.dir)).toEqual([])
    expect(conversationOf(second.events)).toBe(id)
    expect(tokensOf(second.events)).toBe(1400)
    const { text } = lab.api.requests[1]!
    for (const word of ['You work on one item', 'Go on.']) expect(text).toContain(word)
    // One that it does not know: a new one, that is told.
    const third = watch(lab.gemini(), turn({ turn: 3, conversation: UNKNOWN, spent: 99 }))
    expect(await third.outcome).toEqual(complete)
    expect(conversationOf(third.events)).not.toBe(UNKNOWN)
    expect(tokensOf(third.events)).toBe(30)
  }, 180_000)

  test('one that only reads has no tool to write, and takes nothing in the workspace for instructions', async () => {
    const form = answerForm('plan', z.strictObject({ steps: z.array(z.string()) }))
    lab = await makeGeminiLab(
      bin,
      ({ index }) =>
        [
          [call('read_file', { file_path: at('src/deep/b.txt') })],
          [call('write_file', { file_path: at('new.txt'), content: 'x' })],
        ][index] ?? [say('```json\n{"steps":["one"]}\n```')],
    )
    const at = (file: string): string => path.join(lab!.workspace, file)
    fs.mkdirSync(at('src/deep'), { recursive: true })
    fs.mkdirSync(at('.gemini'))
    for (const [file, text] of [
      ['GEMINI.md', 'taken-1'],
      ['src/GEMINI.md', 'taken-2'],
      ['.gemini/settings.json', '{"mcpServers": {"taken-3": {"command": "touch", "args": ["new.txt"]}}}'],
      ['.gemini/.env', 'GEMINI_MODEL=taken-4\n'],
      ['src/deep/b.txt', 'inside-b'],
    ] as const)
      fs.writeFileSync(at(file), text)
    fs.writeFileSync(path.join(lab.config, 'GEMINI.md'), 'taken-5')
    fs.writeFileSync(path.join(lab.config, 'settings.json'), '{"tools": {"allowed": ["write_file"]}}')
    lab.say('Plan it, @src is a decorator.\n')
    const run = watch(lab.gemini(), { ...turn(), role: 'plan' as const, form })
    expect(await run.outcome).toEqual({ kind: 'finished', answer: { steps: ['one'] } })
    expect(fs.existsSync(at('new.txt'))).toBe(false)
    for (const request of lab.api.requests) expect(toolsIn(request)).toEqual(READING)
    expect(lab.api.requests.length).toBe(3)
    const all = lab.api.requests.map((one) => one.text).join('\n')
    expect(all).toContain('inside-b')
    expect(all).not.toContain('taken-')
    expect(JSON.parse(lab.api.requests[0]!.text).contents.at(-1).parts.at(-1).text).toContain('\\@src')
  }, 120_000)

  test('a reviewer begins in an empty directory, and reads where it is told to and nowhere else', async () => {
    lab = await makeGeminiLab(
      bin,
      ({ index }) =>
        [
          [call('read_file', { file_path: path.join(lab!.workspace, 'b.txt') })],
          [call('read_file', { file_path: lab!.at('beside.txt') })],
        ][index] ?? [say('{"verdict":"pass","findings":[]}')],
    )
    const empty = lab.at('empty')
    fs.mkdirSync(empty)
    fs.writeFileSync(path.join(lab.workspace, 'GEMINI.md'), 'taken-1')
    fs.writeFileSync(path.join(lab.workspace, 'b.txt'), 'inside-b')
    fs.writeFileSync(lab.at('beside.txt'), 'of nobody')
    lab.say('Review it.\n')
    const asked = { workspace: empty, readable: [lab.workspace], role: 'review' as const, form: reviewForm }
    const run = watch(lab.gemini(), { ...turn(), ...asked })
    expect(await run.outcome).toEqual({ kind: 'finished', answer: { verdict: 'pass', findings: [] } })
    const all = lab.api.requests.map((one) => one.text).join('\n')
    expect(all).toContain('inside-b')
    expect(all).not.toContain('taken-')
    expect(all).not.toContain('of nobody')
  }, 120_000)
})

/** Of the process that speaks with the service, for the attempt with this scratch directory. */
function pidOf(bin: string, scratch: string): number {
  const found = fs.readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const argv = contentOf(`/proc/${pid}/cmdline`).split('\0')
    return argv[1] === bin && contentOf(`/proc/${pid}/environ`).includes(`GEMINI_CLI_HOME=${scratch}/`)
  })
  expect(found.length).toBe(1)
  return Number(found[0])
}

function contentOf(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
