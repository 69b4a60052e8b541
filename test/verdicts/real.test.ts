import { expect, test } from '@jest/globals'
import {
  applyPatch,
  blocks,
  execCommand,
  greetingProject,
  inOrder,
  message,
  onlyRun,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

/** A few of the scenarios on the real Codex, where how the agent works is part of the question. */

const work = 'mkdir -p src && printf hello > src/greeting.txt'

test('a server that the agent leaves running is named once, then the work is released', async () => {
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [execCommand('echo SERVER-UP; exec tail -f /dev/null', { yield_time_ms: 500 })],
          [execCommand(work)],
          [message('Done, the server is up.')],
          [message('It has to stay.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      const reasons = blocks(lab)
      expect(reasons).toHaveLength(1)
      expect(reasons[0]).toMatch(/processes of this session still run: \d+ .*tail/)
      expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 1 })
    },
  )
})

test('a session in a package of the repository: its sandbox is the package, the gates are those of the root', async () => {
  await withInstalled(
    {
      repoFiles: {
        ...greetingProject,
        'package.json': JSON.stringify({
          name: 'root',
          private: true,
          workspaces: ['packages/*'],
          scripts: { test: 'npm test --workspaces' },
        }),
        'packages/a/package.json': JSON.stringify({
          name: 'a',
          version: '1.0.0',
          scripts: { test: 'grep -x hello src/greeting.txt' },
        }),
      },
      script: ({ cliPath }) =>
        inOrder(
          [
            execCommand(
              `'${cliPath}' request enable --cwd . --objective greet --task-json '{"id":"T1","title":"greet","evidence":[{"kind":"pathChanged","glob":"packages/a/src/**"}]}'`,
            ),
          ],
          [execCommand('mkdir -p src && echo hullo > src/greeting.txt')],
          [message('Done?')],
          [execCommand('echo hello > src/greeting.txt')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'greet'], { cwd: `${lab.repo}/packages/a` })
      expect(toolOutputs(lab)[0]).toContain('"requested"')
      expect(blocks(lab)).toHaveLength(1)
      expect(blocks(lab)[0]).toContain('gate test')
      expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 1 })
    },
  )
})

if (long)
  test('work done with apply_patch, a dependency and a script of one’s own beside it', async () => {
    await withInstalled(
      {
        script: ({ enableCommand }) =>
          inOrder(
            [execCommand(enableCommand)],
            [
              applyPatch(
                '*** Begin Patch\n*** Add File: src/greeting.txt\n+hello\n*** Update File: package.json\n@@\n-  "private": true,\n+  "private": true,\n+  "dependencies": {},\n*** End Patch\n',
              ),
            ],
            [message('Done.')],
          ),
      },
      async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        expect(blocks(lab)).toEqual([])
        expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 0 })
      },
    )
  })
