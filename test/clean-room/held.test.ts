import { describe, expect, test } from '@jest/globals'
import { inHome, play, roomConfig } from './lab.ts'
import { long } from '../rig/long.ts'

const config = '.codex/autoloop.project.json'

/** The gate passes where `file` says hello. */
const says = (file: string): readonly string[] => [
  'sh',
  '-c',
  `grep -qx hello ${file} || { echo "CHECK: ${file} says $(cat ${file} 2>&1)"; exit 1; }`,
]

test('work is released on the word of a place that the agent never wrote to', async () => {
  await play(
    {
      files: { [config]: roomConfig(says('src/a.txt')), 'src/a.txt': 'bye\n' },
      agent: ['true', 'echo hello > src/a.txt'],
    },
    ({ blocks, run, lab }) => {
      expect(blocks).toHaveLength(1)
      expect(blocks[0]).toContain('CHECK: src/a.txt says bye')
      expect(run).toMatchObject({
        state: 'released',
        boxes: [{ gate: 'test', rung: 'box', place: 'clean-room', seal: { kind: 'sealed', rewrote: [] } }],
      })
      expect(inHome(lab, 'layers')).toEqual([])
    },
  )
})

if (long)
  describe('what only the workspace has is no proof, and its honest twin is released', () => {
    test('a file that git ignores', async () => {
      await play(
        {
          files: { [config]: roomConfig(says('build/a.txt')), '.gitignore': 'build\n', 'src/a.txt': 'bye\n' },
          agent: ['mkdir build && echo hello > build/a.txt', "echo '!build' > .gitignore"],
        },
        ({ blocks, run }) => {
          expect(blocks).toHaveLength(1)
          expect(blocks[0]).toContain('CHECK: build/a.txt says cat: build/a.txt: No such file')
          expect(run.state).toBe('released')
        },
      )
    })
  })

if (long)
  test('prepare makes what gates need, once for each tree', async () => {
    await play(
      {
        files: {
          [config]: roomConfig(says('build/out'), {
            prepare: [
              { argv: ['sh', '-c', 'mkdir build && cp src/a.txt build/out && date +%N > build/when'] },
            ],
          }),
          '.gitignore': 'build\n',
          'src/a.txt': 'bye\n',
        },
        agent: ['mkdir build && echo hello > build/out', 'echo hello > src/a.txt'],
      },
      ({ blocks, run, lab }) => {
        expect(blocks).toHaveLength(1)
        expect(blocks[0]).toContain('CHECK: build/out says bye')
        expect(run.state).toBe('released')
        expect(inHome(lab, 'prepared')).toHaveLength(1)
      },
    )
  })

if (long)
  test('prepare installs a program that is pinned by its name, and makes no settings beside sources', async () => {
    const makes = [
      'mkdir .tools',
      "printf '#!/bin/sh\\ntest ! -e settings && grep -qx hello src/a.txt' > .tools/check",
      'chmod +x .tools/check',
      'echo lax > settings',
    ].join(' && ')
    await play(
      {
        files: {
          [config]: roomConfig(['.tools/check'], {
            commands: { test: { argv: ['.tools/check'], network: 'loopback', pins: ['settings'] } },
            prepare: [{ argv: ['sh', '-c', makes] }],
          }),
          '.gitignore': '.tools\n',
          'src/a.txt': 'bye\n',
        },
        person: `${makes}; rm settings`,
        agent: ['true', 'echo hello > src/a.txt'],
      },
      ({ blocks, run }) => {
        expect(blocks).toEqual([expect.stringContaining('gate test: failed with exit code 1')])
        expect(run).toMatchObject({ state: 'released', boxes: [{ place: 'clean-room' }] })
      },
    )
  })

test('a pass of a part of a repository is not reused: what lies beside it may be another', async () => {
  await play(
    {
      files: {
        [`packages/a/${config}`]: roomConfig([], {
          commands: {
            first: {
              argv: ['sh', '-c', 'grep -qx hello ../b/first.txt || { echo FIRST; exit 1; }'],
              network: 'none',
            },
            second: {
              argv: ['sh', '-c', 'grep -qx hello ../b/second.txt || { echo SECOND; exit 1; }'],
              network: 'none',
            },
          },
          gateProfiles: { fast: [], default: [], final: ['first', 'second'] },
        }),
        'packages/b/first.txt': 'hello\n',
        'packages/b/second.txt': 'bye\n',
      },
      cwd: 'packages/a',
      args: ({ repo }) => ['-c', `sandbox_workspace_write.writable_roots=["${repo}/packages/b"]`],
      agent: [
        'true',
        'echo hello > ../b/second.txt; echo bye > ../b/first.txt',
        'echo hello > ../b/first.txt',
      ],
    },
    ({ blocks, run }) => {
      expect(blocks).toHaveLength(2)
      expect(blocks[0]).toContain('SECOND')
      expect(blocks[1]).toContain('FIRST')
      expect(run.state).toBe('released')
    },
  )
})

if (long)
  test('a part of a repository is judged in the whole of it', async () => {
    await play(
      {
        files: {
          [`packages/a/${config}`]: roomConfig([
            'sh',
            '-c',
            'grep -qx hello ../b/b.txt && grep -qx hello a.txt',
          ]),
          'packages/b/b.txt': 'hello\n',
          'packages/a/a.txt': 'bye\n',
        },
        cwd: 'packages/a',
        agent: ['true', 'echo hello > a.txt'],
      },
      ({ blocks, run }) => {
        expect(blocks).toHaveLength(1)
        expect(run.state).toBe('released')
      },
    )
  })
