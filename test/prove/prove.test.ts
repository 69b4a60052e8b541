import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { printDoc } from '../../src/cli/render/doc.ts'
import { proofDoc } from '../../src/cli/render/proof.ts'
import { type Observation, rowsOf } from '../../src/prove/claims.ts'
import type { Proof } from '../../src/prove/prove.ts'
import { codexBinary, codexVersions, currentCodex } from '../rig/binaries.ts'
import { long, sampleOf } from '../rig/long.ts'
import { person, processesIn, proofOf, twisted, worldsIn } from './person.ts'

/** Runs the real one, from a place that agents write. */
const inTemp = fs.mkdtempSync(path.join(os.tmpdir(), 'codex-'))
const codexInTemp = path.join(inTemp, 'codex')
fs.writeFileSync(codexInTemp, `#!/bin/sh\nexec '${codexBinary()}' "$@"\n`, { mode: 0o755 })
afterAll(() => fs.rmSync(inTemp, { recursive: true }))

/** Beside a Codex without its bwrap no box is made, and so nothing works through a backlog. */
const backlog = ['run-honest', 'run-claimed', 'run-scope', 'run-untouched', 'run-landed', 'run-left']

describe('on the real Codex', () => {
  test.each(long ? codexVersions : [currentCodex])(
    '%s: everything is seen, nothing of the person’s is used or left changed',
    async (version) => {
      const { home, prove } = person()
      const result = await prove(['--codex', codexBinary(version)]).done
      const proof = proofOf(result)
      expect(proof.rows.filter((row) => !row.ok)).toEqual([])
      expect(proof).toMatchObject({ ok: true, missing: [], directory: null })
      expect(proof.versions.codex).toBe(`${version}.0`)
      expect(result.code).toBe(0)
      const seen = Object.fromEntries(proof.rows.map((row) => [row.id, row.seen]))
      expect(seen).toMatchObject({
        enable: 'activation_mode: spooled, enforced: proven',
        'first-stop': expect.stringContaining('src/**') as unknown,
        'second-stop': 'GREETING expected hello, got wrong',
        'tampered-gate': expect.stringContaining('touch GATE-WAS-REPLACED') as unknown,
        'ignored-file': expect.stringContaining('GREETING expected hello, got wrong') as unknown,
        'swapped-tool': expect.stringContaining('GREETING expected hello, got wrong') as unknown,
        'swapped-step': expect.stringContaining('GREETING expected hello, got wrong') as unknown,
        release: 'status: released after 2 blocks; codex exit 0',
      })
      expect(fs.readdirSync(home)).toEqual(['.codex'])
      expect(fs.readdirSync(path.join(home, '.codex')).sort()).toEqual(['config.toml', 'hooks.json'])
    },
    300_000,
  )

  test.each(
    sampleOf(
      [
        {
          what: 'hooks switched off',
          twist: `[ "$1" = exec ] && { shift; exec "$codex" exec --disable hooks "$@"; }`,
          missing: [
            'enable',
            'first-stop',
            'second-stop',
            'tampered-gate',
            'ignored-file',
            'swapped-tool',
            'swapped-step',
            'hostile-gate',
            'release',
            ...backlog,
          ],
        },
        {
          what: 'gates without a sandbox',
          twist: `[ "$1" = sandbox ] && { while [ "$1" != -- ]; do shift; done; shift; exec "$@"; }`,
          // No clean room either.
          missing: ['hostile-gate', 'ignored-file', 'swapped-step', 'swapped-tool', ...backlog],
        },
      ],
      2,
    ),
  )(
    '$what: not proved, and what there is to see is kept',
    async ({ twist, missing }) => {
      const { home, prove } = person()
      const result = await prove(['--codex', twisted(home, twist)]).done
      const proof = proofOf(result)
      // First, because it shows what was seen instead.
      expect(proof.rows.filter((row) => !row.ok && !missing.includes(row.id))).toEqual([])
      expect([...proof.missing].sort()).toEqual([...missing].sort())
      expect(proof.ok).toBe(false)
      expect(result.code).toBe(1)
      expect(proof.directory).toBe(path.join(home, ...worldsIn(home)))
      const logs = fs.readdirSync(path.join(proof.directory ?? '', 'logs'))
      expect(logs.filter((name) => name.includes('codex-exec'))).toHaveLength(6)
    },
    300_000,
  )

  test.each(
    sampleOf(
      [
        { signal: 'SIGINT', code: 130, keep: false },
        { signal: 'SIGTERM', code: 1, keep: false },
        { signal: 'SIGINT', code: 130, keep: true },
      ] as const,
      3,
    ),
  )(
    '$signal in the middle (--keep: $keep) leaves no process, and no directory unasked',
    async ({ signal, code, keep }) => {
      const { home, prove } = person()
      // A hook that hangs in a session of its own, as Codex starts hooks.
      const twist = `[ "$1" = exec ] && { setsid sleep 1000 & touch '${home}/reached'; exec sleep 1000; }`
      const reached = appearance(home, 'reached')
      const running = prove(['--codex', twisted(home, twist), ...(keep ? ['--keep'] : [])])
      await reached
      expect(worldsIn(home)).toHaveLength(1)
      const dir = path.join(home, ...worldsIn(home))
      process.kill(running.pid, signal)
      const result = await running.done
      expect(result.code).toBe(code)
      expect(JSON.parse(result.stdout)).toMatchObject({
        error_code: 'interrupted',
        message: keep ? `interrupted; left in ${dir}` : 'interrupted; nothing was left behind',
      })
      expect(worldsIn(home)).toHaveLength(keep ? 1 : 0)
      expect(processesIn(dir)).toEqual([])
    },
    300_000,
  )
})

test.each([
  {
    what: 'a codex that is not there',
    below: os.homedir(),
    args: ['--codex', '/nonexistent/codex'],
    error: 'codex-missing',
  },
  {
    what: 'something else than codex',
    below: os.homedir(),
    args: ['--codex', '/bin/true'],
    error: 'codex-unusable',
  },
  {
    what: 'a codex in the temp directory',
    below: os.homedir(),
    args: ['--codex', codexInTemp],
    error: 'prove-home',
  },
  {
    what: 'a home in the temp directory',
    below: os.tmpdir(),
    args: ['--codex', codexBinary()],
    error: 'prove-home',
  },
])('$what is refused, and nothing is made', async ({ below, args, error }) => {
  const { home, prove } = person(below)
  const result = await prove(args).done
  expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, error_code: error })
  expect(result.code).toBe(1)
  expect(fs.readdirSync(home)).toEqual(['.codex'])
})

describe('for people', () => {
  const proof = (observations: readonly Observation[], directory: string | null): Proof => {
    const rows = rowsOf('short', observations)
    const missing = rows.filter((row) => !row.ok).map((row) => row.id)
    return {
      ok: missing.length === 0,
      story: 'short',
      versions: { codex: '0.171.0', node: '20.19.0', autonomous_loop: '0.3.0' },
      codex_path: '/usr/bin/codex',
      codex_origin: 'person',
      rows,
      missing,
      directory,
      duration_ms: 6_543,
    }
  }

  test('a row that nobody looked at counts as missing', () => {
    const text = printDoc(
      proofDoc(proof([{ id: 'trusted', ok: true, seen: '4 hooks, all trusted', ms: 210 }], '/home/u/x')),
      false,
    )
    expect(text).toMatch(/✓ {2}trusted: .* 210 ms\n {5}4 hooks, all trusted\n/)
    expect(text).toMatch(/✗ {2}released, .*\n {5}not reached\n/)
    expect(text).toContain('Not proved: 19 of 20 rows were not seen.\n')
    expect(text).toContain('/home/u/x')
  })

  test.each([
    ['person', /^Proved: this machine’s Codex is held/m],
    ['named', /^Proved: the Codex you named is held[^]*\/usr\/bin\/codex; this says nothing about another/m],
    ['clone', /^Proved: the Codex of this clone [^]*\/usr\/bin\/codex; this says nothing about another/m],
  ] as const)('it says whose Codex it was: %s', (origin, words) => {
    const all = rowsOf('short', []).map(({ id }): Observation => ({ id, ok: true, seen: 'yes', ms: null }))
    expect(printDoc(proofDoc({ ...proof(all, null), codex_origin: origin }), false)).toMatch(words)
  })

  test('one sentence closes it when everything was seen', () => {
    const all = rowsOf('short', []).map(({ id }): Observation => ({ id, ok: true, seen: 'yes', ms: null }))
    expect(
      printDoc(proofDoc(proof(all, null)), false)
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toMatch(/^Proved: .*6\.5 s/)
  })
})

/** Resolves when a file of that name appears in the directory. */
function appearance(dir: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = fs.watch(dir, () => {
      if (!fs.existsSync(path.join(dir, name))) return
      watcher.close()
      resolve()
    })
  })
}
