import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  type Installed,
  blocks,
  execCommand,
  inOrder,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const sessionOf = (stderr: string): string => /session id: (\S+)/.exec(stderr)?.[1] ?? ''

/** Breaks the machinery in the middle of a run: each way must end visibly for the session that has a run. */
const breakages: readonly [string, (lab: Installed) => void][] = [
  ['a bundle that crashes', (lab) => replaceBundle(lab, 'throw new Error("planted")')],
  [
    'a bundle that dies in the middle of its answer',
    (lab) => replaceBundle(lab, 'process.stdout.write(\'{"decision":"bl\'); process.exit(0)'),
  ],
  ['a bundle that is gone', (lab) => fs.rmSync(bundleOf(lab))],
  ['a node that is gone', removeNode],
  [
    'a ledger that was edited',
    (lab) => editLedger(lab, (text) => text.replace('Write the greeting', 'Write nothing')),
  ],
  ['a ledger that is gone', (lab) => editLedger(lab, () => null)],
  ['a marker that is gone', (lab) => fs.rmSync(onlyFile(path.join(lab.home, 'armed')))],
  ['a marker that is no JSON', (lab) => fs.writeFileSync(onlyFile(path.join(lab.home, 'armed')), '{"half')],
]

// In the gate an answer that is cut short, and a record that is gone.
describe.each(sampleOf(breakages, 4, 1))('%s', (_name, damage) => {
  test('ends the turn of a session with a run as failed closed, and is never a release', async () => {
    await withInstalled(
      {
        script: () => inOrder({ status: 500, body: {} }, [message('Done.')]),
      },
      async (lab) => {
        const first = await lab.codex(['exec', '$autonomous-loop Write the greeting'])
        const id = sessionOf(first.stderr)
        damage(lab)
        // exec shows nobody a stopReason; the stop itself says how it ended.
        const second = await lab.codex(['exec', 'resume', id, 'go on'])
        expect(second.stderr).toMatch(/hook: Stop (Stopped|Blocked)/)
        const check = await lab.cli(['status', '--cwd', lab.repo, '--session-id', id, '--check'])
        expect([0, 9]).not.toContain(check.code)
      },
    )
  })
})

/** Without a program to judge by, neither the shim's silence nor its words may come from the program. */
const without: readonly [string, (lab: Installed) => void][] = [
  ['a bundle that crashes', (lab) => replaceBundle(lab, 'throw new Error("planted")')],
  ['a node that is gone', removeNode],
]

describe.each(sampleOf(without, 2, 1))('with %s', (_name, damage) => {
  test('sessions without a run notice nothing, and no prompt is swallowed', async () => {
    await withInstalled({ script: () => inOrder([message('An answer.')]) }, async (lab) => {
      damage(lab)
      const plain = await lab.codex(['exec', 'hello'])
      expect({ code: plain.code, stdout: plain.stdout }).toEqual({ code: 0, stdout: 'An answer.\n' })
      expect(plain.stderr).not.toMatch(/Failed|Stopped|Blocked/)
      const arming = await lab.codex(['exec', '$autonomous-loop write the greeting'])
      expect({ code: arming.code, stdout: arming.stdout }).toEqual({ code: 0, stdout: 'An answer.\n' })
      expect(lab.requests).toHaveLength(2)
    })
  })

  if (long)
    test('a typed disable still ends the run', async () => {
      await withInstalled(
        {
          script: () => inOrder({ status: 500, body: {} }, [message('Bye.')]),
        },
        async (lab) => {
          const id = sessionOf((await lab.codex(['exec', '$autonomous-loop Write the greeting'])).stderr)
          damage(lab)
          await lab.codex(['exec', 'resume', id, 'autonomous-loop disable'])
          expect(lab.requests).toHaveLength(1)
          const after = await lab.codex(['exec', 'resume', id, 'hello'])
          expect(after.stderr).not.toMatch(/hook: Stop (Stopped|Blocked|Failed)/)
          expect(blocks(lab)).toEqual([])
        },
      )
    })
})

if (long)
  test("a marker that was lost comes back with a person's resume, and the run is held again", async () => {
    await withInstalled(
      { script: () => inOrder({ status: 500, body: {} }, [message('Done.')]) },
      async (lab) => {
        const id = sessionOf((await lab.codex(['exec', '$autonomous-loop Write the greeting'])).stderr)
        fs.rmSync(onlyFile(path.join(lab.home, 'armed')))
        await lab.codex(['exec', 'resume', id, 'autonomous-loop resume'])
        expect(lab.requests).toHaveLength(1)
        expect(fs.readdirSync(path.join(lab.home, 'armed'))).toHaveLength(1)
        await lab.codex(['exec', 'resume', id, 'go on'])
        expect(blocks(lab)[0]).toContain('not done yet')
      },
    )
  })

if (long)
  test('a gate that hangs is ended at its time limit and the block says so', async () => {
    await withInstalled(
      {
        script: ({ enableCommand }) =>
          inOrder(
            [execCommand(enableCommand)],
            [
              execCommand(
                'mkdir -p src && printf hello > src/greeting.txt && cp test/check.js good.js && echo "setInterval(() => {}, 1000)" > test/check.js',
              ),
            ],
            [message('Done.')],
            [execCommand('mv good.js test/check.js')],
            [message('Done.')],
          ),
      },
      async (lab) => {
        const file = path.join(lab.repo, '.codex', 'autoloop.project.json')
        const config = JSON.parse(fs.readFileSync(file, 'utf8')) as { commands: Record<string, unknown> }
        config.commands['test'] = { argv: ['npm', 'run', 'test'], timeoutSeconds: 3 }
        fs.writeFileSync(file, JSON.stringify(config, null, 2))
        await lab.json(['allow', '--repo', lab.repo])
        await lab.codex(['exec', 'write the greeting'])
        expect(blocks(lab)).toHaveLength(1)
        expect(blocks(lab)[0]).toContain('took longer than its time limit')
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  })

function bundleOf(lab: Installed): string {
  const [version] = fs.readdirSync(path.join(lab.home, 'bin')).filter((name) => /^\d/.test(name))
  return path.join(lab.home, 'bin', version ?? '', 'hook.cjs')
}

function replaceBundle(lab: Installed, code: string): void {
  fs.writeFileSync(bundleOf(lab), code)
}

function onlyFile(dir: string): string {
  const [name, ...others] = fs.readdirSync(dir)
  if (!name || others.length > 0) throw new Error(`${dir} does not hold exactly one file`)
  return path.join(dir, name)
}

function editLedger(lab: Installed, edit: (text: string) => string | null): void {
  const file = path.join(onlyFile(path.join(lab.home, 'sessions')), 'ledger.jsonl')
  const text = edit(fs.readFileSync(file, 'utf8'))
  if (text === null) fs.rmSync(file)
  else fs.writeFileSync(file, text)
}

function removeNode(lab: Installed): void {
  const shim = path.join(lab.home, 'bin', 'hook')
  const text = fs.readFileSync(shim, 'utf8')
  const changed = text.replace(/^node=.*$/m, "node='/nonexistent/node'")
  if (changed === text) throw new Error('the shim names its node in another way now')
  fs.writeFileSync(shim, changed)
}
