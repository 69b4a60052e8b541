import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { processStart } from '../../../src/base/process-id.ts'
import { afterEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { findRepoRoot } from '../../../src/evidence/repo-root.ts'
import { batchChecks } from '../../../src/doctor/batches/checks.ts'
import type { Check } from '../../../src/doctor/check.ts'
import { repair } from '../../../src/doctor/repair.ts'
import type { Mended } from '../../../src/doctor/repaired.ts'
import { type Context, realContext } from '../../../src/records/context.ts'
import { ownOf, siteOf } from '../../../src/supervisor/batch/site.ts'
import { adminOf, placeOf } from '../../../src/workspace/trees/paths.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { listWorktrees, makeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { processesOf } from '../../rig/processes.ts'
import { ownData, ownGit, recordOf } from '../kill/batch.ts'
import { differing, pictureOf } from '../person.ts'
import { type Site, item, makeSite } from '../rig.ts'
import { answer } from '../asked.ts'

/* What doctor says of batches, and what `--repair` makes of it. No record is written by either. */

let site: Site
const dataBefore = process.env['XDG_DATA_HOME']
afterEach(() => {
  for (const pid of processesOf(site.dir)) process.kill(pid, 'SIGKILL')
  if (dataBefore === undefined) delete process.env['XDG_DATA_HOME']
  else process.env['XDG_DATA_HOME'] = dataBefore
  site.remove()
})

/** A batch at rest: one item is done, the other gave up and left what it had. */
async function rested(): Promise<void> {
  site = makeSite({
    items: { '001-a.md': item(), '002-b.md': item() },
    script: {
      '001': [{ steps: [{ write: 'src/b.txt', text: 'b\n' }] }],
      '002': [{ steps: [{ write: 'src/bad.txt', text: 'x\n' }] }],
    },
    supervisor: { limits: { attempts: 1, turns: 1 } },
  })
  process.env['XDG_DATA_HOME'] = site.at('data')
  await answer(site, 0, 'allow')
  expect(await site.cli(['run'])).toMatchObject({ code: 5 })
}

function contextOf(): Context {
  const { env, home } = site
  const codexHome = env['CODEX_HOME'] ?? ''
  return realContext({
    vars: env,
    cwd: site.repo,
    codexHome,
    home,
    tmpDir: '/tmp',
    uid: process.getuid?.() ?? 0,
  })
}

async function checks(): Promise<Readonly<Record<string, Check>>> {
  return batchChecks({ context: contextOf(), cwd: site.repo, root: findRepoRoot(site.repo) })
}

/** What is not as it should be, with the command that mends it. */
async function wrong(): Promise<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(await checks()).flatMap(([name, check]) =>
      check.ok ? [] : [[name, check.remediation ?? '']],
    ),
  )
}

const REPAIR = 'autonomous-loop doctor --repair'
const LEFT = { batch_rescues: 'autonomous-loop cleanup' }

/** Of every record below the home. */
function records(): Record<string, string> {
  const files = fs.readdirSync(site.home, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    files
      .filter((name) => name.endsWith('ledger.jsonl'))
      .map((name) => [
        name,
        createHash('sha256')
          .update(fs.readFileSync(path.join(site.home, name)))
          .digest('hex'),
      ]),
  )
}

async function own(): Promise<OwnRepository> {
  const at = siteOf(site.repo)
  if (!at.ok) throw new Error(at.error.message)
  const opened = await ownOf(contextOf(), at.value, site.env['PATH'] ?? '')
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

const repoDir = (): string =>
  path.join(site.home, 'batches', fs.readdirSync(path.join(site.home, 'batches'))[0] ?? '')
const put = (file: string, text = ''): string => {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  fs.writeFileSync(file, text)
  return file
}
const GONE = { pid: 2 ** 22, start: '1' }

interface Damage {
  /** Which check says so, and the fix that it names. */
  readonly says: Readonly<Record<string, string>>
  readonly make: (ours: OwnRepository) => unknown
  readonly did: readonly Mended['what'][]
  /** What must be so afterwards. */
  readonly after?: (ours: OwnRepository) => unknown
}

const HEADLESS = 'no HEAD in our repository'
const DAMAGES: Readonly<Record<string, Damage>> = {
  'a worktree of no batch, with work in it': {
    says: { batch_worktrees: REPAIR },
    make: async (ours) => {
      const made = await makeWorktree(ours, 'stray', site.head())
      if (!made.ok) throw new Error(made.error.message)
      put(path.join(made.value.dir, 'src/only-here.txt'), 'precious\n')
    },
    did: ['worktree-removed'],
    after: (ours) => {
      expect(listWorktrees(ours).map(({ name }) => name)).not.toContain('stray')
      const [ref = ''] = ownGit(site, 'for-each-ref', '--format=%(refname)', 'refs/autonomous-loop/rescue')
        .split('\n')
        .filter((one) => one.includes('worktree-stray'))
      expect(ownGit(site, 'show', `${ref}:src/only-here.txt`)).toBe('precious\n')
    },
  },
  'a worktree that git does not know any more': {
    says: { batch_worktrees: REPAIR },
    make: (ours) => fs.rmSync(adminOf(ours, listWorktrees(ours)[0]?.name ?? ''), { recursive: true }),
    did: ['worktree-registered'],
    after: (ours) => expect(listWorktrees(ours).map(({ state }) => state)).toEqual(['ours']),
  },
  'a worktree that was begun and cut short': {
    says: { batch_worktrees: REPAIR },
    make: (ours) => fs.mkdirSync(placeOf(ours, 'half').dir),
    did: ['worktree-removed'],
  },
  'a lock of git': {
    says: { batch_repository: REPAIR },
    make: (ours) => {
      put(path.join(ours.dir, 'packed-refs.lock'))
      put(path.join(ours.dir, 'refs/autonomous-loop/heads/x.lock'))
    },
    did: ['lock-removed', 'lock-removed'],
  },
  [HEADLESS]: {
    says: { batch_repository: REPAIR },
    make: (ours) => fs.rmSync(path.join(ours.dir, 'HEAD')),
    did: ['repository-mended'],
  },
  'notes of processes that are gone': {
    says: { batch_notes: REPAIR },
    make: () => {
      put(path.join(repoDir(), 'continuous.json'), JSON.stringify(GONE))
      put(path.join(repoDir(), 'watcher.json'), JSON.stringify({ process: GONE, log: '/x', crashes: [] }))
    },
    did: ['note-removed', 'note-removed'],
  },
  'requests that nobody can carry out': {
    says: { batch_requests: REPAIR },
    make: () => {
      put(path.join(repoDir(), 'requests/1-a.json'), JSON.stringify({ kind: 'stop', now: false }))
      put(path.join(repoDir(), 'requests/2-b.json'), '{"kind": "of another version"}')
    },
    did: ['request-removed', 'request-moved'],
    after: () =>
      expect(fs.readFileSync(path.join(repoDir(), 'requests/2-b.json.unread'), 'utf8')).toContain('another'),
  },
  'suspensions that are over, and that nobody can believe': {
    says: { batch_suspensions: REPAIR },
    make: () => {
      const over = { until: Date.now() - 25 * 3600_000, why: 'quota', since: 1, probes: 3 }
      put(path.join(site.home, 'providers/codex-a.json'), JSON.stringify(over))
      put(path.join(site.home, 'providers/codex-b.json'), 'x')
    },
    did: ['suspension-removed', 'suspension-removed'],
  },
  'a directory that others can read': {
    says: { batch_data: REPAIR },
    make: () => fs.chmodSync(repoDir(), 0o755),
    did: ['mode-set'],
  },
}

test('each damage is said with its command, repaired, and fine after that; no record differs by a byte', async () => {
  await rested()
  const ours = await own()
  expect(await wrong()).toEqual(LEFT)
  const before = records()
  expect(Object.keys(before)).not.toEqual([])
  // One that git does not take for a repository shows nothing of what is in it.
  const { [HEADLESS]: headless, ...others } = DAMAGES
  for (const rows of [Object.values(others), [headless!]]) {
    for (const { make } of rows) await make(ours)
    const [picture, data] = [pictureOf(site.home), pictureOf(site.data)]
    const said = Object.assign({}, ...rows.map(({ says }) => says)) as Record<string, string>
    expect(await wrong()).toEqual(rows.length === 1 ? said : { ...LEFT, ...said })
    // Looking changes nothing.
    expect(differing(picture, pictureOf(site.home))).toEqual([])
    expect(differing(data, pictureOf(site.data))).toEqual([])
    const repaired = await repair(contextOf(), site.repo)
    expect(repaired.left).toEqual([])
    expect(repaired.did.map(({ what }) => what).toSorted()).toEqual(rows.flatMap(({ did }) => did).toSorted())
    for (const { after } of rows) await after?.(ours)
    expect(await wrong()).toEqual(LEFT)
    expect(records()).toEqual(before)
  }
  expect(await repair(contextOf(), site.repo)).toEqual({ did: [], left: [] })
  // What it stood on goes on.
  site.script({ '002': [{ steps: [{ write: 'src/c.txt', text: 'c\n' }] }] })
  await answer(site, 0, 'retry', '002')
  expect(await site.cli(['run'])).toMatchObject({ code: 0 })
})

if (long)
  test('what a person has to see to is said with its command, and stays as it is', async () => {
    await rested()
    const batch = recordOf(site).state.opened.batch
    const aside = put(path.join(ownData(site), 'set-aside/001-1/x'), 'x')
    const until = Date.now() + 3600_000
    const provider = put(
      path.join(site.home, 'providers/codex-a.json'),
      JSON.stringify({ until, why: 'quota', since: Date.now(), probes: 1 }),
    )
    site.git('update-ref', `refs/heads/autonomous-loop/${batch}`, 'HEAD')
    const request = put(
      path.join(repoDir(), 'requests/1-a.json'),
      JSON.stringify({ kind: 'retry', items: ['002'] }),
    )
    fs.mkdirSync(path.join(ownData(site), 'worktrees/theirs'))
    put(path.join(ownData(site), 'inventory/theirs.json'), 'x')
    const says = {
      ...LEFT,
      batch_set_aside: 'autonomous-loop cleanup',
      batch_suspensions: `rm ${provider}   (if it can be asked again already)`,
      batch_branch: 'autonomous-loop batch take',
      batch_requests: 'autonomous-loop run',
      batch_worktrees: 'look at it, and move it away',
    }
    expect(await wrong()).toEqual(says)
    expect(await repair(contextOf(), site.repo)).toEqual({
      did: [],
      left: [{ name: path.join(ownData(site), 'worktrees/theirs'), why: 'it is not what was made there' }],
    })
    expect(await wrong()).toEqual(says)
    expect([aside, provider, request].map((file) => fs.existsSync(file))).toEqual([true, true, true])
    // What stays, and why; nothing of an open batch goes.
    const shown = await answer(site, 0, 'cleanup')
    const batches = shown['batches'] as Record<string, readonly Record<string, unknown>[]>
    expect(batches['held']).toEqual([{ batch, why: 'open', heads: 1, attempts: 2, rescues: 1 }])
    expect(batches['removed']?.map(({ what }) => what)).toEqual(['worktree'])
    expect(batches['removed']?.[0]?.['bytes']).toBeGreaterThan(0)
    expect(batches['kept']).toContainEqual({
      name: path.join(ownData(site), 'worktrees/theirs'),
      why: 'it is not the directory that was made there',
    })
    expect(await wrong()).toEqual(says)
    // Of a record that does not hold nobody knows what is in use.
    const file = path.join(repoDir(), batch, 'ledger.jsonl')
    const text = fs.readFileSync(file, 'utf8')
    fs.writeFileSync(file, text.replace('"iterations":null', '"iterations":7'))
    fs.rmSync(request)
    expect((await wrong())['batch_ledgers']).toBe(`autonomous-loop audit ${batch}`)
    const broken = records()
    expect((await repair(contextOf(), site.repo)).left).toMatchObject([
      { why: expect.stringContaining('does not hold') as unknown },
    ])
    expect(records()).toEqual(broken)
  })

test('of a supervisor that was killed the leftovers are ended; of one that is alive nothing is touched; agents may not', async () => {
  site = makeSite({ items: { '001-a.md': item() } })
  process.env['XDG_DATA_HOME'] = site.at('data')
  site.script({
    '001': [{ steps: [{ sh: `until [ -e '${site.at('go')}' ]; do sleep 0.05; done`, may: true }] }],
  })
  await answer(site, 0, 'allow')
  const running = site.start(['run', '--json'])
  await running.event((one) => one.type === 'turn-begun')
  while (site.starts().length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const [agent] = site.starts()
  expect(await wrong()).toEqual({})
  const busy = await repair(contextOf(), site.repo)
  expect(busy).toEqual({
    did: [],
    left: [{ name: repoDir(), why: 'a process works at it, and what is there is its own' }],
  })
  process.kill(agent!.pid, 0)
  // A look at what could go ends nothing either.
  await answer(site, 0, 'clean')
  process.kill(agent!.pid, 0)
  running.child.kill('SIGKILL')
  await running.done
  expect(await wrong()).toEqual({ batch_supervisor: 'autonomous-loop run', batch_leftovers: REPAIR })
  const before = records()
  const asAgent = await site.cli(['doctor', '--repair'], { CODEX_CI: '1' })
  expect(asAgent.code).toBe(1)
  expect(JSON.parse(asAgent.stdout)).toMatchObject({ error_code: 'person-only' })
  process.kill(agent!.pid, 0)
  const repaired = JSON.parse((await site.cli(['doctor', '--repair'])).stdout) as {
    readonly repaired: Awaited<ReturnType<typeof repair>>
    readonly checks: Readonly<Record<string, Check>>
  }
  expect(new Set(repaired.repaired.did.map(({ what }) => what))).toEqual(new Set(['process-ended']))
  expect(repaired.checks['batch_leftovers']).toEqual({ ok: true, pids: [] })
  // One that nobody has waited for yet is over.
  expect(processStart(agent!.pid)).toBeUndefined()
  expect(await wrong()).toEqual({ batch_supervisor: 'autonomous-loop run' })
  expect(records()).toEqual(before)
})
