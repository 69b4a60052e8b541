import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { CALLS, type Call } from '../../src/supervisor/batch/calls.ts'
import { sampleOf } from '../rig/long.ts'
import { type Ran, type Site, item, makeSite } from './rig.ts'

/* Every cell of the table of calls, by the real command line. */

let site: Site | undefined
afterEach(() => site?.remove())

type Row = keyof typeof CALLS

interface Place {
  /** Where the commands are called from then. */
  readonly cwd?: string
  readonly undo?: () => Promise<unknown>
}

const write = (file: string) => [{ steps: [{ write: file, text: 'x\n' }] }]

/** Makes it so. */
const make: Readonly<Record<Row, (at: Site) => Place | Promise<Place>>> = {
  'no-remote': (at) => {
    expect(at.git('remote')).toBe('')
    return {}
  },
  shallow: (at) => {
    fs.writeFileSync(path.join(at.repo, '.git/shallow'), at.git('rev-parse', 'HEAD'))
    expect(at.git('rev-parse', '--is-shallow-repository').trim()).toBe('true')
    return {}
  },
  'target-moved': (at) => {
    at.write('theirs.txt', 'theirs\n')
    at.git('add', 'theirs.txt')
    at.git('commit', '-qm', 'theirs')
    return {}
  },
  'target-gone': (at) => {
    at.git('checkout', '-q', '-b', 'other')
    at.git('branch', '-qD', 'main')
    return {}
  },
  'repository-copied': (at) => {
    fs.cpSync(at.repo, at.at('copy'), { recursive: true, preserveTimestamps: true })
    return { cwd: at.at('copy') }
  },
  'repository-moved': (at) => {
    fs.renameSync(at.repo, at.at('moved'))
    return { cwd: at.at('moved') }
  },
  'config-changed': (at) => {
    fs.appendFileSync(path.join(at.repo, '.codex/autoloop.project.json'), '\n')
    return {}
  },
  'approval-withdrawn': (at) => {
    fs.rmSync(path.join(at.home, 'approved'), { recursive: true })
    return {}
  },
  'item-edited': (at) => {
    at.write('.codex/backlog/002-b.md', item({ title: 'Another' }))
    return {}
  },
  'stop-file': (at) => {
    at.write('.autonomous-loop-stop', '')
    return {}
  },
  'batch-running': async (at) => {
    at.script({
      '001': [{ steps: [{ sh: 'exec sleep 600' }] }],
      '002': [{ steps: [{ sh: 'exec sleep 600' }] }],
    })
    const running = at.start(['run', '--json'])
    await running.event((one) => one.type === 'turn-begun')
    return {
      undo: () => {
        running.child.kill('SIGTERM')
        return running.done
      },
    }
  },
}

function begun(): Site {
  return makeSite({
    items: { '001-a.md': item(), '002-b.md': item() },
    files: { '.gitignore': '.codex/\n.autonomous-loop-stop\n' },
    script: { '001': write('src/1.txt'), '002': write('src/2.txt') },
  })
}

/** What a command came to, in the words of the table. */
function seen({ code, stdout, events }: Ran, on: number): unknown {
  const rest = events.findLast((one) => one.type === 'rested')
  if (rest?.type === 'rested' && rest.data.state !== 'completed')
    return { rests: [rest.data.state, 'code' in rest.data ? rest.data.code : ''].join(' ') }
  if (code === on) return stdout.includes('"joined": true') ? 'joined' : 'on'
  const said = JSON.parse(stdout.slice(stdout.indexOf('{\n'))) as { error_code: string }
  return { refused: said.error_code }
}

const rows = Object.keys(CALLS) as readonly Row[]

// In CI two rows are played each way.
test.each(sampleOf(rows, 8, 2))(
  '%s: a batch is opened',
  async (row) => {
    site = begun()
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    // Ours knows the repository already.
    if (row === 'repository-moved') {
      const first = await site.cli(['run', '--json', '--iterations', '1'])
      expect(first).toMatchObject({ code: 4 })
    }
    const { cwd, undo } = await make[row](site)
    // Approvals are by path.
    if (cwd !== undefined) expect(await site.cli(['allow'], {}, cwd)).toMatchObject({ code: 0 })
    const ran = await site.cli(['run', '--json'], {}, cwd)
    await undo?.()
    expect(seen(ran, 0)).toEqual(CALLS[row].opens)
  },
  120_000,
)

test.each(sampleOf(rows, 5, 2))(
  '%s: a batch is gone on with, and landed',
  async (row) => {
    site = begun()
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    expect(await site.cli(['run', '--json', '--iterations', '1'])).toMatchObject({ code: 4 })
    const { cwd, undo } = await make[row](site)
    // Approvals are by path.
    if (cwd !== undefined) expect(await site.cli(['allow'], {}, cwd)).toMatchObject({ code: 0 })
    const landed = await site.cli(['land', '--merge', '--json'], {}, cwd)
    const ran = await site.cli(['run', '--json'], {}, cwd)
    await undo?.()
    const { lands, goesOn }: { lands: Call; goesOn: Call } = CALLS[row]
    expect({ lands: seen(landed, 0), goesOn: seen(ran, 0) }).toEqual({ lands, goesOn })
  },
  120_000,
)

test('gates that cannot run on the base are named with what keeps each from running', async () => {
  site = makeSite({
    items: { '001-a.md': item() },
    config: { commands: { test: { argv: ['sh', '-c', 'exit 0'], cwd: 'gone', network: 'none' } } },
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await site.cli(['run', '--json'])
  expect(ran.code).toBe(1)
  expect(ran.stdout + ran.stderr).toContain('test (the directory gone of the command does not exist)')
})
