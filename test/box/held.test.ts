import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { execCommand, inOrder, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const nothing = { reached: [], untried: [] }

test('an approval or a run has a preflight made once; its gates, status, report and doctor tell what came of it', async () => {
  const work = 'mkdir -p src && printf hello > src/greeting.txt'
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [execCommand(work)],
          [message('Done.')],
          [execCommand(enableCommand)],
          [execCommand('printf "\\nhello" > src/greeting.txt')],
          [message('Done.')],
          [execCommand(enableCommand)],
          [execCommand('printf "hello\\n\\n" > src/greeting.txt')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      const file = path.join(lab.home, 'sandbox-home/box/preflight.json')
      const kept = () => JSON.parse(fs.readFileSync(file, 'utf8'))
      const run = async () => {
        await lab.codex(['exec', 'write the greeting'])
        const [newest] = (await lab.json(['status'])).sessions
        const [line = ''] = /^.*gates run.*$/m.exec((await lab.cli(['status', '--text'])).stdout) ?? []
        const md = (await lab.cli(['report', '--md'])).stdout
        return {
          preflight: newest.boxes.map((one: { preflight?: object }) => one.preflight),
          status: line.trim(),
          report: /network: loopback[^|]*/.exec(md)?.[0].trim(),
        }
      }
      // install-repo has approved a config of version 2.
      expect(kept().results).toMatchObject({ fifo: 'held', keyring: 'held' })
      fs.rmSync(file)
      expect(await run()).toEqual({
        preflight: [nothing],
        status: 'gates run     in the box',
        report: 'network: loopback',
      })

      // Nothing has changed on this machine, so what is there is what counts.
      fs.writeFileSync(
        file,
        JSON.stringify({ ...kept(), results: { ...kept().results, fifo: 'reached', keyring: 'untried' } }),
      )
      const words = 'not held: FIFOs of other programs; not tried: the session keyring'
      expect(await run()).toEqual({
        preflight: [{ reached: ['fifo'], untried: ['keyring'] }],
        status: `gates run     in the box; ${words}`,
        report: `network: loopback; ${words}`,
      })

      // As after another kernel.
      if (long) {
        fs.writeFileSync(file, JSON.stringify({ ...kept(), key: 'another' }))
        expect(await run()).toMatchObject({ preflight: [nothing] })
      }

      fs.rmSync(file)
      const { checks } = await lab.json(['doctor'])
      expect(checks.gate_box).toMatchObject({ ok: true, rung: 'box', not_held: [], not_tried: [] })
      expect(kept().results).toMatchObject({ fifo: 'held', keyring: 'held' })
    },
  )
}, 120_000)
