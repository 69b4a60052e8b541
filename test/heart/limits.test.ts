import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import {
  type Installed,
  blocks,
  execCommand,
  inOrder,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const sessionOf = (stderr: string): string => /session id: (\S+)/.exec(stderr)?.[1] ?? ''
const enable = (command: string, more: string) => execCommand(`${command} ${more}`)

/** Changes the config's defaults and has the person approve them. */
async function setDefaults(lab: Installed, defaults: object): Promise<void> {
  const file = path.join(lab.repo, '.codex', 'autoloop.project.json')
  const config = JSON.parse(fs.readFileSync(file, 'utf8')) as { defaults?: object }
  fs.writeFileSync(
    file,
    JSON.stringify({ ...config, defaults: { ...config.defaults, ...defaults } }, null, 2),
  )
  await lab.json(['allow', '--repo', lab.repo])
}

test('iterations: the last block announces the halt, then the agent may go; a person resumes with fresh limits', async () => {
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder(
          [enable(enableCommand, '--max-stop-iterations 2')],
          [message('Done 1.')],
          [execCommand('mkdir -p src && printf wrong > src/greeting.txt')],
          [message('Done 2.')],
          [message('The contract is not fulfilled: the greeting is wrong.')],
          [execCommand('printf hello > src/greeting.txt')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      const first = await lab.codex(['exec', 'write the greeting'])
      expect(first.code).toBe(0)
      expect(first.stdout).toContain('not fulfilled')
      const reasons = blocks(lab)
      expect(reasons).toHaveLength(2)
      expect(reasons[1]).toContain('last block')
      expect(reasons[1]).toContain('The limit of 2 stops is reached.')
      expect(await onlyRun(lab)).toMatchObject({ state: 'halted' })
      expect((await lab.cli(['status', '--cwd', lab.repo, '--check'])).code).toBe(7)

      const id = sessionOf(first.stderr)
      await lab.codex(['exec', 'resume', id, 'autonomous-loop resume'])
      expect(await onlyRun(lab)).toMatchObject({ state: 'active', iteration: 0 })
      await lab.codex(['exec', 'resume', id, 'go on'])
      expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
    },
  )
})

if (long)
  test('the same blocker in an unchanged workspace halts after three stops', async () => {
    await withInstalled(
      { script: ({ enableCommand }) => inOrder([execCommand(enableCommand)], [message('Done.')]) },
      async (lab) => {
        expect((await lab.codex(['exec', 'write the greeting'])).code).toBe(0)
        expect(blocks(lab)).toHaveLength(3)
        expect(blocks(lab)[2]).toContain('3 times in a row')
        expect(await onlyRun(lab)).toMatchObject({ state: 'halted', iteration: 3 })
      },
    )
  })

if (long)
  test('while files change the same blocker is not "repeated"', async () => {
    await withInstalled(
      {
        script:
          ({ enableCommand }) =>
          (request) => {
            if (request.index === 0) return [execCommand(enableCommand)]
            if (request.index === 11) return [execCommand('mkdir -p src && printf hello > src/greeting.txt')]
            if (request.index > 11) return [message('Done.')]
            return request.index % 2 === 1
              ? [execCommand(`echo ${request.index} >> notes.md`)]
              : [message('Done?')]
          },
      },
      async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        expect(blocks(lab)).toHaveLength(5)
        expect(blocks(lab).every((reason) => reason.includes('T1') && !reason.includes('last block'))).toBe(
          true,
        )
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  })

if (long)
  test('minutes: a run whose time is over halts at its next stop', async () => {
    await withInstalled(
      {
        script: ({ enableCommand }) =>
          inOrder([execCommand(enableCommand)], { status: 500, body: {} }, [message('Done.')]),
      },
      async (lab) => {
        await setDefaults(lab, { maxMinutes: 0.001 })
        const first = await lab.codex(['exec', 'write the greeting'])
        await lab.codex(['exec', 'resume', sessionOf(first.stderr), 'go on'])
        expect(blocks(lab)[0]).toContain('minutes is reached')
        expect(await onlyRun(lab)).toMatchObject({ state: 'halted' })
      },
    )
  })

test("tokens: Codex's own count since the start ends the run at its limit", async () => {
  await withInstalled(
    {
      script: () => (request) =>
        request.index === 0 ? { items: [message('Done.')], tokens: 700 } : [message('Done.')],
    },
    async (lab) => {
      await setDefaults(lab, { maxTokens: 500 })
      await lab.codex(['exec', '$autonomous-loop write the greeting'])
      expect(blocks(lab)).toHaveLength(1)
      expect(blocks(lab)[0]).toContain('The limit of 500 tokens is reached (700 were used).')
      expect(await onlyRun(lab)).toMatchObject({ state: 'halted' })
    },
  )
})
