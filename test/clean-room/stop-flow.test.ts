import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Answer, Installed } from '../rig/installed.ts'
import { projectRoot } from '../rig/root.ts'
import { startTerminal } from '../rig/tui.ts'
import { type Played, inHome, play } from './lab.ts'
import { long, sampleOf } from '../rig/long.ts'

const cli = path.join(projectRoot, 'bin/autonomous-loop.js')

const config = '.codex/autoloop.project.json'

/** Counts its runs where it may write outside of the layer that is thrown away, so that runs that were not are seen. */
const counts = (name: string, then: string): readonly string[] => [
  'sh',
  '-c',
  `n=$(($(cat ~/runs/${name} 2>/dev/null || echo 0) + 1)); echo $n > ~/runs/${name}; ${then}`,
]
const says = (file: string): string =>
  `grep -qx hello ${file} || { echo "CHECK: ${file} says $(cat ${file} 2>&1)"; exit 1; }`

type Gates = Readonly<Record<string, { readonly argv: readonly string[]; readonly verify?: string }>>

function project(gates: Gates, more: Readonly<Record<string, unknown>> = {}): string {
  const box = { network: 'loopback', writable: ['~/runs'], steps: false }
  return JSON.stringify({
    version: 2,
    commands: Object.fromEntries(Object.entries(gates).map(([name, gate]) => [name, { ...gate, ...box }])),
    gateProfiles: { fast: [], default: [], final: Object.keys(gates) },
    policy: { verify: 'clean-room' },
    ...more,
  })
}

const runsOf = ({ lab }: Pick<Played, 'lab'>, name: string): number => {
  const file = path.join(lab.userHome, 'runs', name)
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0
}

/** What is on record of one stop. */
const stop = ({ lab }: { readonly lab: Installed }, nth: number): Promise<Answer> =>
  lab.json(['explain', '--stop', String(nth)])

const ready = 'mkdir -p ~/runs'

if (long)
  test('a fast gate that fails in the workspace blocks before there is a room', async () => {
    await play(
      {
        files: {
          [config]: project(
            { lint: { argv: counts('lint', says('src/a.txt')) }, test: { argv: counts('test', 'true') } },
            { gateProfiles: { fast: ['lint'], default: [], final: ['lint', 'test'] } },
          ),
          'src/a.txt': 'bye\n',
        },
        person: ready,
        agent: ['true', 'echo hello > src/a.txt'],
      },
      async (played) => {
        expect(played.blocks).toHaveLength(1)
        expect(played.blocks[0]).toContain('not run yet: test')
        expect(await stop(played, 1)).toMatchObject({
          verdict: 'block',
          commands: [{ name: 'lint', outcome: 'failed', place: 'in-place' }],
        })
        // In the workspace at both stops, and once in the room; its word in the workspace releases nothing.
        expect(await stop(played, 2)).toMatchObject({
          verdict: 'release',
          commands: [
            { name: 'lint', place: 'clean-room' },
            { name: 'test', place: 'clean-room' },
          ],
        })
        expect([runsOf(played, 'lint'), runsOf(played, 'test')]).toEqual([3, 1])
      },
    )
  })

test('a pass is reused while all that it rests on is the same, a failure never', async () => {
  await play(
    {
      files: {
        [config]: project({
          good: { argv: counts('good', 'true') },
          other: { argv: counts('other', says('src/a.txt')) },
        }),
        'src/a.txt': 'bye\n',
      },
      person: ready,
      agent: ['true', 'true', 'echo hello > src/a.txt'],
    },
    async (played) => {
      expect(played.blocks).toHaveLength(2)
      expect(await stop(played, 1)).toMatchObject({
        commands: [{ reused_from: null }, { outcome: 'failed' }],
      })
      expect(await stop(played, 2)).toMatchObject({
        commands: [
          { name: 'good', outcome: 'passed', reused_from: 1, place: 'clean-room' },
          { name: 'other', outcome: 'failed', reused_from: null },
        ],
      })
      expect(await stop(played, 3)).toMatchObject({
        verdict: 'release',
        commands: [{ reused_from: null }, {}],
      })
      expect(runsOf(played, 'good')).toBe(2)
      // Twice in the room and twice in the workspace, where it fails too; then it passes.
      expect(runsOf(played, 'other')).toBe(5)
    },
  )
})

if (long)
  describe('a gate that is known to pass and fails in the room is run again at once', () => {
    const flaky = (passes: string): Gates => ({
      flaky: {
        argv: counts('flaky', `case $n in ${passes}) exit 0;; *) echo "CHECK: run $n"; exit 1;; esac`),
      },
      other: { argv: ['sh', '-c', says('src/a.txt')] },
    })

    test('it counts when it passes twice then, and is called flaky', async () => {
      await play(
        {
          files: { [config]: project(flaky('1|3|4')), 'src/a.txt': 'bye\n' },
          person: ready,
          agent: ['true', 'echo hello > src/a.txt'],
        },
        async (played) => {
          expect(played.blocks).toHaveLength(1)
          expect(played.run).toMatchObject({
            state: 'released',
            gates: [{ gate: 'flaky', outcome: 'passed', flaky: true, place: 'clean-room' }, { flaky: false }],
          })
          expect(await stop(played, 2)).toMatchObject({
            commands: [
              {
                outcome: 'passed',
                flaky: true,
                runs: [
                  { outcome: 'failed', tail: 'CHECK: run 2\n' },
                  { outcome: 'passed' },
                  { outcome: 'passed' },
                ],
              },
              {},
            ],
            because: expect.arrayContaining([
              expect.stringContaining('flaky: failed, then passed, then passed'),
            ]),
            answered: expect.stringContaining('flaky'),
          })
          expect(runsOf(played, 'flaky')).toBe(4)
        },
      )
    })

    test('three runs are the most: one pass between two failures is a failure', async () => {
      await play(
        {
          files: { [config]: project(flaky('1|3|5|6')), 'src/a.txt': 'bye\n' },
          person: ready,
          agent: ['true', 'echo hello > src/a.txt', 'echo again > src/b.txt'],
        },
        async (played) => {
          expect(played.blocks).toHaveLength(2)
          expect(played.blocks[1]).toContain('flaky: failed, then passed, then failed on the same files')
          // It passes in the workspace, by chance: run 5.
          expect(await stop(played, 2)).toMatchObject({
            commands: [{ outcome: 'failed', runs: [{}, {}, {}], in_place: { outcome: 'passed' } }, {}],
          })
          expect(played.run.state).toBe('released')
          expect(runsOf(played, 'flaky')).toBe(6)
        },
      )
    })
  })

describe('what passes in the workspace alone is told with what may make the difference', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      'a file that git ignores',
      says('build/a.txt'),
      'mkdir build && echo hello > build/a.txt',
      'does not have build/a.txt (git ignores it)',
    ],
    [
      'dependencies that nobody prepared',
      `node -e 'require("dep")'`,
      'mkdir -p node_modules/dep && echo > node_modules/dep/index.js',
      'does not have node_modules (dependencies are installed by `prepare` there)',
    ],
    [
      'generated code, named by what imports it',
      'echo "Cannot find module ./generated/client"; test -f src/generated/client.js',
      'mkdir -p src/generated && echo 1 > src/generated/client.js',
      'does not have src/generated (git ignores it)',
    ],
    [
      'nothing that its output names',
      'test -f build/a.txt',
      'mkdir build && echo hello > build/a.txt',
      'most often because of a file that git ignores, a dependency installed by hand, or generated code',
    ],
  ]
  test.each(sampleOf(cases, 4))('%s', async (_what, gate, agent, words) => {
    await play(
      {
        files: {
          [config]: project({ test: { argv: ['sh', '-c', gate] } }),
          '.gitignore': 'build\nnode_modules\ngenerated\n',
          'src/a.txt': 'bye\n',
        },
        person: ready,
        agent: [agent],
      },
      async (played) => {
        expect(played.blocks[0]).toContain(`it passes in your workspace and not in the clean room, `)
        expect(played.blocks[0]).toContain(words)
        expect(played.blocks[0]).toContain('only the person can say so, with `copy` or `prepare`')
        expect(await stop(played, 1)).toMatchObject({
          commands: [{ place: 'clean-room', outcome: 'failed', in_place: { outcome: 'passed' } }],
        })
      },
    )
  })
})

if (long)
  test('check has a room of its own, says so, and removes it', async () => {
    await play(
      {
        files: {
          [config]: project(
            {
              good: { argv: counts('good', 'true') },
              other: { argv: counts('other', says('src/a.txt')) },
            },
            { defaults: { maxStopIterations: 2 } },
          ),
          'src/a.txt': 'bye\n',
        },
        person: ready,
        agent: ['true', 'true'],
      },
      async (played) => {
        const { lab, run } = played
        expect(run.state).toBe('halted')
        await lab.json(['resume', run.run_id])
        expect(await lab.json(['check'], 1)).toMatchObject({
          commands: [
            { name: 'good', outcome: 'passed', place: 'clean-room' },
            { name: 'other', outcome: 'failed', place: 'clean-room' },
          ],
        })
        const terminal = startTerminal(lab, [process.execPath, cli, 'check'])
        await terminal.shows(/Gates ran in a clean room that was made for this check/)
        expect(await terminal.ended).toBe(1)
        expect(inHome(lab, 'rooms')).toEqual([run.run_id])
      },
    )
  })

describe('a step of prepare that fails', () => {
  const prepared = (argv: readonly string[]): string =>
    project({ test: { argv: counts('test', 'true') } }, { prepare: [{ argv }] })
  const task = {
    id: 'T1',
    title: 'Write notes',
    evidence: [
      { kind: 'pathChanged', glob: 'NOTES.md' },
      { kind: 'commandRef', name: 'test' },
    ],
  }

  test("on what the work changed is the agent's, and holds every gate back", async () => {
    await play(
      {
        files: {
          [config]: prepared(['sh', '-c', 'grep -qx hello src/a.txt || { echo "CHECK: no hello"; exit 1; }']),
          'src/a.txt': 'bye\n',
        },
        person: ready,
        task,
        agent: ['true', 'echo hello > src/a.txt'],
      },
      async (played) => {
        expect(played.blocks).toHaveLength(1)
        expect(played.blocks[0]).toContain(
          'what it reads differs from the start, and no gate can run without it',
        )
        expect(played.blocks[0]).toContain('CHECK: no hello')
        expect(played.blocks[0]).toContain('not run yet: test')
        expect(await stop(played, 1)).toMatchObject({ blockers: [{ kind: 'prepare', name: 'prepare[0]' }] })
        expect(played.run.state).toBe('released')
        expect(runsOf(played, 'test')).toBe(1)
      },
    )
  })

  if (long)
    test('although nothing that it reads differs could not run: the agent is told so once, then a person is asked', async () => {
      await play(
        {
          files: {
            [config]: prepared(['npm', 'ci']),
            'package.json': '{"name":"a","version":"1.0.0","dependencies":{"b":"file:../nowhere"}}',
            'package-lock.json':
              '{"name":"a","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"a","version":"1.0.0"}}}',
          },
          person: ready,
          task,
          agent: ['true', 'true'],
        },
        async (played) => {
          expect(played.blocks).toHaveLength(1)
          expect(played.blocks[0]).toContain(
            'could not run (not your fault): failed with exit code 1, although nothing',
          )
          expect(await stop(played, 1)).toMatchObject({
            blockers: [{ kind: 'could-not-run', name: 'prepare[0]' }],
          })
          expect(played.run).toMatchObject({
            state: 'parked',
            park: { kind: 'could-not-run', commands: ['prepare[0]'] },
          })
        },
      )
    })
})

/** Only root may mount, and not in every container. */
const mountable = (): boolean => {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
}
const whereMountable = mountable() ? test : test.failing

if (long)
  describe("a disk that is full is nobody's fault: told, then a person is asked, and never halted", () => {
    whereMountable('while the room is copied', async () => {
      await play(
        {
          files: {
            [config]: project({ test: { argv: counts('test', 'true') } }),
            'big.txt': 'x'.repeat(4_000_000),
          },
          person: ready,
          disk: { at: 'rooms', kilobytes: 1_000 },
          agent: ['true', 'true'],
        },
        (played) => {
          expect(played.blocks).toHaveLength(1)
          expect(played.blocks[0]).toMatch(
            /test could not run \(not your fault\): the clean room .* no space left on device/,
          )
          expect(played.run).toMatchObject({
            state: 'parked',
            park: { kind: 'could-not-run', commands: ['test'] },
          })
          expect(runsOf(played, 'test')).toBe(0)
        },
      )
    })

    whereMountable('while a gate writes', async () => {
      await play(
        {
          files: {
            [config]: project({
              test: {
                argv: [
                  'sh',
                  '-c',
                  'head -c 4000000 /dev/zero > out.bin || { echo "CHECK: no room"; exit 1; }',
                ],
              },
            }),
          },
          disk: { at: 'layers', kilobytes: 1_000 },
          agent: ['true', 'true'],
        },
        (played) => {
          expect(played.blocks).toHaveLength(1)
          expect(played.blocks[0]).toContain('test could not run (not your fault): disk: no space was left')
          expect(played.run).toMatchObject({
            state: 'parked',
            park: { kind: 'could-not-run', commands: ['test'] },
          })
        },
      )
    })
  })
