import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readEnv } from '../../src/base/env.ts'
import { realContext } from '../../src/records/context.ts'
import { type Screen, gateProgress, lineOf, waitingLine } from '../../src/cli/render/progress.ts'
import { projectRoot } from '../rig/root.ts'
import { greetingTask, message, withInstalled } from '../rig/installed.ts'
import { startTerminal } from '../rig/tui.ts'

const otherTask = JSON.stringify({
  id: 'T2',
  title: 'Keep the readme',
  evidence: [{ kind: 'pathExists', path: 'README.md' }],
})
const bin = path.join(projectRoot, 'bin/autonomous-loop.js')

test.each([
  ['test', 0, 80, '… test'],
  ['test', 999, 80, '… test'],
  ['test', 1000, 80, '… test, 1 s'],
  ['test', 61_999, 80, '… test, 61 s'],
  ['a long name', 12_000, 14, '… a lo…, 12 s'],
  ['a\nb\u001b[31mc\u0007', 0, 80, '… a bc'],
  ['test', 0, 2, '… '],
  ['test', 0, 4, '… …'],
])('%j after %i ms, %i columns wide', (what, ms, width, line) => {
  expect(lineOf(what, ms, width)).toBe(line)
})

/** What a person sees after everything that was written, one entry per line. */
function visible(written: string): string {
  return written.split('\n').map(afterRedraws).join('\n')
}
function afterRedraws(line: string): string {
  return line.slice(line.lastIndexOf('\u001b[K') + 1).replace(/^\[K/, '')
}

function screen(isTTY: boolean): Screen & { readonly written: () => string } {
  let text = ''
  return { isTTY, columns: 40, write: (more) => (text += more), written: () => text }
}

/** Who asks, in which environment. */
function asked(vars: Readonly<Record<string, string>>, json = false): Parameters<typeof waitingLine>[0] {
  return { json, context: realContext({ ...readEnv(), vars: { TERM: 'xterm', ...vars } }) }
}

test('one line, drawn over and taken away', () => {
  const shown = screen(true)
  const line = waitingLine(asked({}), shown, () => 5_000)
  line.show('one')
  expect(visible(shown.written())).toBe('… one')
  line.show('two', 2_000)
  expect(visible(shown.written())).toBe('… two, 3 s')
  line.clear()
  expect(visible(shown.written())).toBe('')
  const before = shown.written()
  line.clear()
  expect(shown.written()).toBe(before)
  expect(before).not.toContain('\n')
})

test.each([
  ['--json', asked({}, true), true],
  ['a pipe', asked({}), false],
  ['a terminal that cannot move its cursor', asked({ TERM: 'dumb' }), true],
  ["an agent's shell, even with a terminal", asked({ CODEX_CI: '1' }), true],
])('nothing for %s', (_name, io, isTTY) => {
  const shown = screen(isTTY)
  const line = waitingLine(io, shown)
  line.show('one')
  line.clear()
  expect(shown.written()).toBe('')
})

test('gates that run together are named together, with the time of the oldest', () => {
  let now = 0
  const shown: string[] = []
  const watch = gateProgress(
    {
      show: (what, since = now) => void shown.push(lineOf(what, now - since, 80)),
      tell: () => undefined,
      clear: () => undefined,
    },
    () => now,
  )
  const [lint, unit] = [
    { kind: 'gate', name: 'lint', nth: 2, of: 3 },
    { kind: 'gate', name: 'unit', nth: 3, of: 3 },
  ] as const
  watch.began(lint)
  now = 4_000
  watch.began(unit)
  now = 9_000
  watch.ended(lint)
  watch.ended(unit)
  expect(shown).toEqual([
    '… running gate lint (2 of 3)',
    '… running gates lint, unit (2, 3 of 3), 4 s',
    '… running gate unit (3 of 3), 5 s',
    '… looking at the workspace',
  ])
})

test('check says on a terminal which gate runs and since when, and nothing of it in a pipe', async () => {
  await withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, async (lab) => {
    const fifo = path.join(lab.dir, 'go')
    execFileSync('mkfifo', [fifo])
    // Both ends, so that neither opening nor writing waits for the gate.
    const gate = fs.openSync(fifo, 'r+')
    const commands = { quick: ['true'], slow: ['head', '-n1', fifo] }
    lab.write(
      '.codex/autoloop.project.json',
      JSON.stringify({
        commands,
        gateProfiles: { all: Object.keys(commands) },
        defaults: { gateProfile: 'all' },
      }),
    )
    await lab.json(['allow', '--repo', lab.repo])
    const session = ['--session-id', '0199aaaa-0000-7000-8000-000000000022']
    await lab.json(['request', 'enable', '--objective', 'Write it', '--task-json', greetingTask, ...session])
    lab.write('src/greeting.txt', 'hello')
    const more = ['request', 'enable', '--objective', 'Write more', '--task-json', otherTask, ...session]
    const enabling = startTerminal(lab, [process.execPath, bin, ...more])
    await enabling.shows(/looking at the workspace as it is now/)
    expect(await enabling.ended).toBe(0)
    expect(visible(enabling.raw())).not.toContain('…')

    const terminal = startTerminal(lab, [process.execPath, bin, 'check', ...session])
    await terminal.shows(/running gate slow \(2 of 2\), \d+ s/)
    fs.writeSync(gate, 'go\n')
    expect(await terminal.ended).toBe(0)
    const seen = visible(terminal.raw())
    expect(seen).toMatch(/slow +head/)
    expect(seen).not.toContain('…')

    const piped = lab.cli(['check', ...session])
    fs.writeSync(gate, 'go\n')
    const { stdout, stderr, code } = await piped
    expect([JSON.parse(stdout).ok, stderr, code]).toEqual([true, '', 0])
    fs.closeSync(gate)
  })
}, 60_000)
