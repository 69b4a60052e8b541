import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { blocks, execCommand, inOrder, message, onlyRun, withInstalled } from '../rig/installed.ts'

/** Test code that an agent could have written: it runs as the gate, and tries to end the run from there. */
const attack = (home: string, cli: string): string => `
import fs from 'node:fs'
import { spawnSync } from 'node:child_process'
const log = []
const attempt = (name, act) => { try { log.push(name + ': ' + act()) } catch (error) { log.push(name + ': ' + error.code) } }
attempt('delete home', () => { fs.rmSync(${JSON.stringify(home)}, { recursive: true }); return 'DELETED' })
attempt('write ledger', () => { fs.appendFileSync(${JSON.stringify(home)} + '/x', 'x'); return 'WRITTEN' })
attempt('move home', () => { fs.renameSync(${JSON.stringify(home)}, ${JSON.stringify(home)} + '.old'); return 'MOVED' })
attempt('kill parent', () => { process.kill(process.ppid, 'SIGKILL'); return 'sent to ' + process.ppid })
for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
  if (Number(pid) !== process.pid) try { process.kill(Number(pid), 'SIGTERM') } catch {}
for (const action of ['release', 'disable', 'pause'])
  attempt(action, () => spawnSync(${JSON.stringify(cli)}, ['request', action, '--cwd', '.']).status)
console.error('ATTACK ' + log.join(' | '))
const text = fs.existsSync('src/greeting.txt') ? fs.readFileSync('src/greeting.txt', 'utf8').trim() : ''
process.exit(text === 'hello' ? 0 : 1)
`

test('a gate that attacks the controller changes nothing; the same gate passes once the work is right', async () => {
  await withInstalled(
    {
      script: ({ enableCommand, cliPath }) =>
        inOrder(
          [execCommand(enableCommand)],
          [
            execCommand(
              `cp attack.mjs check.js; mkdir -p src; printf wrong > src/greeting.txt; test -x '${cliPath}'`,
            ),
          ],
          [message('Done.')],
          [execCommand('printf hello > src/greeting.txt')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      lab.write('attack.mjs', attack(lab.home, lab.cliPath))
      const before = fs.readdirSync(lab.home).sort()
      await lab.codex(['exec', 'write the greeting'])
      const reasons = blocks(lab)
      expect(reasons).toHaveLength(1)
      expect(reasons[0]).toContain('ATTACK')
      for (const word of ['DELETED', 'WRITTEN', 'MOVED']) expect(reasons[0]).not.toContain(word)
      expect(reasons[0]).toContain('release: 1')
      expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 1 })
      expect(fs.readdirSync(lab.home).sort()).toEqual(expect.arrayContaining(before))
      expect(fs.existsSync(path.join(lab.home, 'x'))).toBe(false)
    },
  )
})

test('a FIFO as package.json, a gate that hangs: named, never waited for to the end', async () => {
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [
            execCommand(
              'mkdir -p src && printf hello > src/greeting.txt && cp package.json p.json && rm package.json && mkfifo package.json',
            ),
          ],
          [message('Done.')],
          [execCommand('rm package.json && mv p.json package.json')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      expect(blocks(lab)).toHaveLength(1)
      expect(blocks(lab)[0]).toContain('package.json')
      expect(blocks(lab)[0]).toContain('not a regular file')
      expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
    },
  )
})
