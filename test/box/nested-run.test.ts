import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { blocks, execCommand, greetingProject, inOrder, message, withInstalled } from '../rig/installed.ts'

test('a session on a disk of two layers is held for a source that its gate changed, and then released, and both say where', async () => {
  const gate = greetingProject['test/check.js'] ?? ''
  const rewriting = `${gate}fs.appendFileSync('README.md', 'x')\n`
  const written = (text: string): string =>
    `echo ${Buffer.from(text).toString('base64')} | base64 -d > test/check.js`
  await withInstalled(
    {
      machines: ['layer', 'layer'],
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [execCommand(`mkdir -p src && printf hello > src/greeting.txt && ${written(rewriting)}`)],
          [message('Done.')],
          [execCommand(written(gate))],
          [message('Done.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      expect(blocks(lab)).toEqual([expect.stringContaining('README.md')])
      const [run] = (await lab.json(['status'])).sessions
      expect(run).toMatchObject({
        state: 'released',
        boxes: [
          {
            rung: 'box-no-unix',
            network: 'loopback',
            seal: {
              kind: 'not-sealed',
              why: expect.stringContaining("Can't make overlay mount"),
              rewrote: [],
            },
          },
        ],
      })
      const { stdout } = await lab.cli(['status', '--text'])
      expect(stdout).toMatch(/gates run +in a box without unix sockets/)
      expect((await lab.cli(['report', '--md'])).stdout).toContain(
        'in a box without unix sockets, not sealed',
      )
      expect(fs.readFileSync(path.join(lab.repo, 'README.md'), 'utf8')).toMatch(/^# greeting\nx+$/)
    },
  )
}, 120_000)
