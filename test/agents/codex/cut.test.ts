import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { AgentEvent, Turn } from '../../../src/agents/agent.ts'
import { codexBinary, codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inOrder, inputTexts, message } from '../../rig/codex.ts'
import { long } from '../../rig/long.ts'
import { watch } from '../rig.ts'
import { type CodexLab, makeCodexLab } from './rig.ts'

/* What comes from elsewhere than the service: somebody ends Codex, breaks its settings, has its conversation open, or nobody is there. */

let lab: CodexLab | undefined
afterEach(async () => lab?.close())

const signals = long ? (['SIGTERM', 'SIGKILL'] as const) : (['SIGKILL'] as const)
const versions = long ? codexVersions : [currentCodex]
const done = message('{"status":"complete","summary":"","proposal":null}')
const complete = { kind: 'finished', answer: { status: 'complete', summary: '' } }
const turn = (more: Partial<Turn> = {}): Turn => ({ ...lab!.turn, ...more })
const conversationsIn = (events: readonly AgentEvent[]): readonly string[] =>
  events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : []))

test.each(versions.flatMap((version) => signals.map((one) => [version, one] as const)))(
  '%s: ended by somebody else with %s, the conversation is there and nothing runs on',
  async (version, signal) => {
    lab = await makeCodexLab(
      inOrder([execCommand('echo begun > src.txt; sleep 60; echo > late.txt')], [done]),
      {
        version,
      },
    )
    const first = watch(lab.codex(), turn())
    await first.wrote(path.join(lab.workspace, 'src.txt'))
    process.kill(codexPid(codexBinary(version), lab.workspace), signal)
    expect(await first.outcome).toEqual({
      kind: 'crashed',
      // As the box tells it.
      code: 128 + os.constants.signals[signal],
      signal: null,
    })
    const [id = null] = conversationsIn(first.events)
    const second = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 15 }))
    expect(await second.outcome).toEqual(complete)
    expect(conversationsIn(second.events)).toEqual([id])
    expect(inputTexts(lab.model.requests[1]!).join('\n')).toContain('echo begun')
  },
)

if (long)
  test.each(versions)(
    '%s: settings that are broken keep it from beginning, in its own words, and the conversation stays',
    async (version) => {
      lab = await makeCodexLab(inOrder([done]), { version })
      const config = path.join(lab.codexHome, 'config.toml')
      const whole = fs.readFileSync(config, 'utf8')
      const broken = {
        kind: 'could-not-start',
        why: { code: 'agent-not-started', message: expect.stringContaining('config.toml:2') as unknown },
      }
      fs.writeFileSync(config, `# mine\nmodel = \n`)
      expect(await watch(lab.codex(), turn()).outcome).toMatchObject(broken)
      fs.writeFileSync(config, whole)
      const first = watch(lab.codex(), turn())
      expect(await first.outcome).toEqual(complete)
      const [id = null] = conversationsIn(first.events)
      fs.writeFileSync(config, `# mine\nmodel = \n`)
      const later = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 15 }))
      expect(await later.outcome).toMatchObject(broken)
      expect(conversationsIn(later.events)).toEqual([])
      fs.writeFileSync(config, whole)
      const last = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 15 }))
      expect(await last.outcome).toEqual(complete)
      expect(conversationsIn(last.events)).toEqual([id])
    },
  )

test.each(versions)(
  '%s: a conversation that somebody has open is not left for another one',
  async (version) => {
    lab = await makeCodexLab(
      ({ index }) => (index === 1 ? [execCommand('echo begun > open.txt; sleep 60')] : [done]),
      { version },
    )
    const first = watch(lab.codex(), turn())
    expect(await first.outcome).toEqual(complete)
    const [id = ''] = conversationsIn(first.events)
    const other = spawn(
      codexBinary(version),
      ['exec', '--skip-git-repo-check', '-s', 'danger-full-access', '-C', lab.workspace, 'resume', id, 'Hi.'],
      { env: { PATH: process.env['PATH'], CODEX_HOME: lab.codexHome }, stdio: 'ignore' },
    )
    const closed = new Promise((resolve) => other.once('close', resolve))
    try {
      while (!fs.existsSync(path.join(lab.workspace, 'open.txt')))
        await new Promise((resolve) => setTimeout(resolve, 20))
      const second = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 15 }))
      expect(await second.outcome).toEqual({ kind: 'in-use' })
      expect(conversationsIn(second.events)).toEqual([])
    } finally {
      other.kill('SIGTERM')
      await closed
    }
    const third = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 15 }))
    expect(await third.outcome).toEqual(complete)
    expect(conversationsIn(third.events)).toEqual([id])
  },
)

const services = [
  ['is not there', ''],
  ['begins to answer and says nothing more', 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n'],
] as const

test.each(
  versions.flatMap((version) =>
    services.slice(0, long ? undefined : 1).map((row) => [version, ...row] as const),
  ),
)('%s: our clock wins over a service that %s', async (version, _name, head) => {
  lab = await makeCodexLab(inOrder([done]), { version, retries: 1000 })
  const server = net.createServer((socket) => socket.once('data', () => socket.write(head)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  if (head === '') server.close()
  const config = path.join(lab.codexHome, 'config.toml')
  fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace(`:${lab.model.port}/`, `:${port}/`))
  const run = watch(lab.codex(), turn({ limits: { silentMs: 4000, lengthMs: 60_000, graceMs: 5000 } }))
  expect(await run.outcome).toEqual({ kind: 'silent' })
  server.close()
})

/** Of the native binary that works in this directory. */
function codexPid(bin: string, workspace: string): number {
  for (const pid of fs.readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const argv = read(`/proc/${pid}/cmdline`).split('\0')
    if (argv[0] === bin && argv[1] === 'exec' && argv.includes(workspace)) return Number(pid)
  }
  throw new Error('no Codex is at work')
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
