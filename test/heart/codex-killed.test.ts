import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { type Installed, execCommand, inOrder, message, onlyRun, withInstalled } from '../rig/installed.ts'
import { sampleOf } from '../rig/long.ts'

/** A gate that says that it runs, in a cache (what it writes in its tree nobody else sees), and then stays. */
const lasting = `import fs from 'node:fs'
fs.writeFileSync(process.env.HOME + '/.npm/_cacache/running', String(process.pid))
setInterval(() => {}, 1000)
`

test.each(sampleOf(['SIGKILL', 'SIGTERM'] as const, 2))(
  'Codex ended by %s while a gate runs: hook and gate end themselves, nothing is released',
  async (signal) => {
    await withInstalled(
      {
        script: ({ enableCommand }) =>
          inOrder(
            [execCommand(enableCommand)],
            [execCommand('mkdir -p src && printf hello > src/greeting.txt && cp lasting.mjs test/check.js')],
            [message('Done.')],
          ),
      },
      async (lab) => {
        lab.write('lasting.mjs', lasting)
        const cache = path.join(lab.userHome, '.npm/_cacache')
        fs.mkdirSync(cache, { recursive: true })
        const codex = lab.startCodex(['exec', 'write the greeting'], { timeoutMs: 60_000 })
        await until(() => fs.existsSync(path.join(cache, 'running')))
        expect(ours(lab).length).toBeGreaterThan(1)
        process.kill(codex.pid, signal)
        await codex.done
        await until(() => ours(lab).length === 0)
        expect(await onlyRun(lab)).toMatchObject({ state: 'active', last_verdict: null })
      },
    )
  },
)

/** Command lines of the hook and of the gates, by the lab's directory in their environment. */
function ours(lab: Installed): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environ = fs.readFileSync(`/proc/${pid}/environ`, 'latin1')
        const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
        return environ.includes(lab.dir) && /AUTOLOOP_GATE=|hook\.cjs/.test(`${environ} ${line}`)
          ? [line]
          : []
      } catch {
        return []
      }
    })
}

/** Polls what no event tells: processes of others. Jest's own timeout is the end of it. */
async function until(there: () => boolean): Promise<void> {
  while (!there()) await pause(20)
}
