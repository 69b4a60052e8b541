import { describe, expect, test } from '@jest/globals'
import { config, play, roomConfig } from './lab.ts'
import { long } from '../rig/long.ts'

/** Passes where no source has more lines than the settings allow. */
const counts = [
  'sh',
  '-c',
  '. ./limits.conf; for f in src/*.js; do test $(wc -l < $f) -le $most || { echo "CHECK: $f is too long"; exit 1; }; done',
]
const files = {
  [config]: roomConfig(counts),
  'limits.conf': 'most=2\n',
  'src/a.js': 'one\n',
  'test/a.test.js': 'one\n',
}
const tooLong = "printf 'one\\ntwo\\nthree\\n' > src/a.js"

describe('what a gate reads as settings is no part of the proof', () => {
  test('passing only by them is a question to the person, whose answer counts', async () => {
    await play(
      { files, agent: [`echo most=9 > limits.conf; ${tooLong}`, 'true'] },
      async ({ blocks, run, lab }) => {
        expect(blocks).toEqual([])
        expect(run).toMatchObject({
          state: 'parked',
          park: { kind: 'unproved' },
          definition_changes: [{ file: 'limits.conf' }],
        })
        expect(run.definition_changes[0].text).toBe('limits.conf: differs from line 1 on\n- most=2\n+ most=9')
        await lab.json(['amend', run.amend_digest, run.run_id])
        const again = await lab.codex(['exec', 'resume', run.session_id, 'go on'], { timeoutMs: 120_000 })
        expect(again.code).toBe(0)
        const { sessions } = await lab.json(['status', '--cwd', lab.repo])
        expect(sessions[0].state).toBe('released')
      },
    )
  })

  if (long)
    test('another change than the accepted one is asked about again', async () => {
      await play(
        { files, agent: [`echo most=9 > limits.conf; ${tooLong}`, `echo most=10 > limits.conf`] },
        async ({ run, lab }) => {
          await lab.json(['amend', run.amend_digest, run.run_id])
          await lab.codex(['exec', 'resume', run.session_id, 'go on'], { timeoutMs: 120_000 })
          const { sessions } = await lab.json(['status', '--cwd', lab.repo])
          expect(sessions[0]).toMatchObject({ state: 'parked', park: { kind: 'unproved' } })
        },
      )
    })

  test('work that passes by the settings of the start too is released, and what was not proved is named', async () => {
    await play(
      { files, agent: [`echo most=9 > limits.conf; printf 'one\\ntwo\\n' > src/a.js`] },
      async ({ blocks, run, lab }) => {
        expect(blocks).toEqual([])
        expect(run.state).toBe('released')
        const explained = await lab.cli(['explain', run.run_id])
        expect(explained.stdout).toContain("Not proved by the start's gates: limits.conf.")
      },
    )
  })

  if (long)
    test('settings above the root of the run, up to the top of the repository', async () => {
      const part = Object.fromEntries(
        Object.entries(files).map(([name, text]) => [
          name === 'limits.conf' ? name : `packages/a/${name}`,
          text,
        ]),
      )
      const gate = [...counts.slice(0, 2), counts[2]!.replace('./limits.conf', '../../limits.conf')]
      await play(
        {
          files: { ...part, [`packages/a/${config}`]: roomConfig(gate) },
          cwd: 'packages/a',
          args: (lab) => ['--add-dir', lab.repo],
          agent: [`echo most=9 > ../../limits.conf; ${tooLong}`],
        },
        ({ run }) => {
          expect(run).toMatchObject({
            state: 'parked',
            park: { kind: 'unproved' },
            definition_changes: [{ file: '../../limits.conf' }],
          })
        },
      )
    })

  if (long)
    test('a package that is only added is work; one from elsewhere is not', async () => {
      const locked = (more: object): string =>
        JSON.stringify({
          name: 'shop',
          lockfileVersion: 3,
          requires: true,
          packages: { '': { name: 'shop', ...more } },
        })
      const added = (from: object): string =>
        JSON.stringify({
          name: 'shop',
          lockfileVersion: 3,
          requires: true,
          packages: {
            '': { name: 'shop', dependencies: { a: '1.0.0' } },
            'node_modules/a': { version: '1.0.0', ...from },
          },
        })
      const registry = {
        resolved: 'http://127.0.0.1:9/a/-/a-1.0.0.tgz',
        integrity: `sha512-${Buffer.alloc(64).toString('base64')}`,
      }
      const manifest = JSON.stringify({ name: 'shop', dependencies: { a: '1.0.0' } })
      const project = {
        ...files,
        'package.json': JSON.stringify({ name: 'shop' }),
        'package-lock.json': locked({}),
        '.npmrc': 'registry=http://127.0.0.1:9/\n',
      }
      const write = (lock: string): string =>
        `echo '${manifest}' > package.json; echo '${lock}' > package-lock.json`
      await play({ files: project, agent: [write(added(registry))] }, ({ run }) => {
        expect(run).toMatchObject({ state: 'released', unproved: [] })
      })
      await play({ files: project, agent: [write(added({ resolved: 'file:src/a.tgz' }))] }, ({ run }) => {
        expect(run).toMatchObject({ state: 'released', unproved: ['package-lock.json', 'package.json'] })
      })
    })

  if (long)
    test('an edit of the work alone is looked at once', async () => {
      await play({ files, agent: [tooLong, "printf 'one\\ntwo\\n' > src/a.js"] }, ({ blocks, run }) => {
        expect(blocks).toEqual([expect.stringContaining('CHECK: src/a.js is too long')])
        expect(run.state).toBe('released')
      })
    })
})
