import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { namesIn } from '../../src/base/names-in.ts'
import { codexBinary, codexVersions } from '../rig/binaries.ts'
import { long } from '../rig/long.ts'
import { person, processesIn, proofOf, twisted, worldsIn } from './person.ts'

/* `prove --run`: a backlog with the real Codex. What each row turns red by stands in backlog-rows.test.ts. */

describe('a backlog on the real Codex', () => {
  // The gate has the story of prove.test.ts, which is all of this but the kill and the quota.
  if (long)
    test.each(codexVersions)(
      '%s: everything is seen, nothing of the person’s is used or left changed',
      async (version) => {
        const { home, prove } = person()
        const result = await prove(['--run', '--codex', codexBinary(version)]).done
        const proof = proofOf(result)
        expect(proof.rows.filter((row) => !row.ok)).toEqual([])
        expect(proof).toMatchObject({ ok: true, story: 'run', missing: [], directory: null })
        expect(result.code).toBe(0)
        const seen = Object.fromEntries(proof.rows.map((row) => [row.id, row.seen]))
        expect(seen).toMatchObject({
          'run-claimed': expect.stringMatching(
            /^told: nothing has changed yet; then commit [0-9a-f]{12}$/,
          ) as unknown,
          'run-scope': expect.stringContaining('README.md') as unknown,
          'run-killed': '3 agents cut off; then their 3 conversations went on, in 3 attempts',
          'run-left': 'no process',
        })
        expect(fs.readdirSync(home)).toEqual(['.codex'])
        expect(fs.readdirSync(path.join(home, '.codex')).sort()).toEqual(['config.toml', 'hooks.json'])
      },
      300_000,
    )

  test('SIGINT while agents work leaves no process and no directory', async () => {
    const { home, prove } = person()
    const running = prove(['--run', '--codex', codexBinary()])
    await told(home, '"type":"conversation"')
    const dir = path.join(home, ...worldsIn(home))
    expect(processesIn(dir).some((command) => command.includes('exec'))).toBe(true)
    process.kill(running.pid, 'SIGINT')
    const result = await running.done
    expect(result.code).toBe(130)
    expect(JSON.parse(result.stdout)).toMatchObject({ error_code: 'interrupted' })
    expect(worldsIn(home)).toEqual([])
    expect(processesIn(dir)).toEqual([])
  }, 300_000)

  if (long)
    test('a Codex that begins every conversation again: not proved, and what there is to see is kept', async () => {
      const { home, prove } = person()
      const twist = `case " $* " in *" resume "*) all=1; for one; do [ "$all" ] && { set --; all=; }; case "$one" in resume | ????????-????-????-????-????????????) ;; *) set -- "$@" "$one" ;; esac; done ;; esac`
      const proof = proofOf(await prove(['--run', '--codex', twisted(home, twist, 'bwrap')]).done)
      expect(proof.missing).toEqual(['run-killed', 'run-quota'])
      expect(proof.directory).toBe(path.join(home, ...worldsIn(home)))
    }, 300_000)
})

/** Resolves once the record of a batch in this home says so. */
async function told(home: string, words: string): Promise<void> {
  const below = (dir: string): string[] => namesIn(dir).map((name) => path.join(dir, name))
  const isSaid = (): boolean =>
    worldsIn(home)
      .flatMap((world) => below(path.join(home, world, 'home/.codex/autoloop/batches')))
      .flatMap(below)
      .map((batch) => path.join(batch, 'ledger.jsonl'))
      .some((file) => fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes(words))
  while (!isSaid()) await new Promise((resolve) => setTimeout(resolve, 50))
}
