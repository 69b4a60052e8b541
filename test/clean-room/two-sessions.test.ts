import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type LabOptions, equip, execCommand, inputTexts, message, withLab } from '../rig/installed.ts'
import { config, roomConfig } from './lab.ts'

/** A directory that the gate may write: the first of all gates waits there for a word. */
const STEER = 'steer'
const gate = [
  `steer=$HOME/${STEER}`,
  'mkdir $steer/running 2>/dev/null && until test -e $steer/go; do sleep 0.05; done',
  'for one in FIRST SECOND; do test ! -e $one.half || { echo "$one is half done"; exit 1; }; done',
].join('\n')

const commands = {
  test: { argv: ['sh', '-c', gate], network: 'loopback', steps: false, writable: [`~/${STEER}`] },
}

/**
 * The first works and stops; while its gate runs, the second writes, and once more when it runs again. What the one writes is
 * half done at the first look, so a gate in the workspace would fail for the other.
 */
test('what a second session writes while the gates of the first one run costs that one a further run at most', async () => {
  let script: LabOptions['script'] | undefined
  await withLab(
    {
      repoFiles: { [config]: roomConfig(['sh', '-c', gate], { commands }) },
      script: (request) => script!(request),
    },
    async (bare) => {
      const lab = equip(bare)
      const steer = path.join(lab.userHome, STEER)
      fs.mkdirSync(steer, { recursive: true })
      const turns = new Map<string, number>()
      script = async (request) => {
        const role = /ROLE-([A-Z]+)/.exec(inputTexts(request).join('\n'))?.[1] ?? 'LOST'
        const turn = (turns.get(role) ?? 0) + 1
        turns.set(role, turn)
        const task = JSON.stringify({
          id: 'T1',
          title: 'Work',
          evidence: [{ kind: 'pathChanged', glob: `${role}.md` }],
        })
        const enable = `'${lab.cliPath}' request enable --cwd . --objective '${role}' --task-json '${task}'`
        if (role === 'FIRST')
          return turn === 1 ? [execCommand(`${enable} && echo a > FIRST.md`)] : [message('Done.')]
        if (turn === 1) {
          await there(steer, 'running')
          return [execCommand(`${enable} && echo b > SECOND.half`)]
        }
        if (turn === 2) {
          return [execCommand(`mv SECOND.half SECOND.md && touch SECOND.txt`)]
        }
        fs.writeFileSync(path.join(steer, 'go'), '')
        return [message('Done.')]
      }
      await lab.json(['bootstrap', '--trust'])
      await lab.json(['allow', '--repo', lab.repo])
      const ran = await Promise.all(
        ['FIRST', 'SECOND'].map((role) => lab.codex(['exec', `ROLE-${role} work`], { timeoutMs: 300_000 })),
      )
      expect(ran.map(({ code }) => code)).toEqual([0, 0])
      const { sessions } = await lab.json(['status', '--cwd', lab.repo])
      expect(
        sessions
          .map(({ objective, state, stops }: Record<string, unknown>) => [objective, state, stops])
          .sort(),
      ).toEqual([
        ['FIRST', 'released', 1],
        ['SECOND', 'released', 1],
      ])
    },
  )
}, 300_000)

/** By the events of the file system. */
function there(dir: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!fs.existsSync(path.join(dir, name))) return
      watcher.close()
      resolve()
    }
    const watcher = fs.watch(dir, look)
    look()
  })
}
