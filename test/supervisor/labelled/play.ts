import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { expect } from '@jest/globals'
import { batchEventLine } from '../../../src/cli/render/batch-event.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import { type Ran, type Running, type Site, type SiteParts, makeSite } from '../rig.ts'

/** How an item stands at the end: `open`: nobody is at it, or an attempt waits to go on. */
export type Stands = 'done' | 'open' | 'dropped' | `parked ${string}`

/** A batch whose end is known. */
export interface Labelled extends SiteParts {
  readonly name: string
  /** Arguments of `run`, one list for each call; default: one call without. */
  readonly runs?: readonly (readonly string[])[]
  /** Before the nth call, from 0. */
  readonly before?: (site: Site, nth: number) => unknown
  /** While the nth call runs. */
  readonly meanwhile?: (site: Site, running: Running, nth: number) => Promise<void>
  /** Files that git ignores, or that are there before `allow`. */
  readonly prepare?: (site: Site) => unknown
  /** Exit code of each call of `run`. */
  readonly codes: readonly number[]
  /** State and code of the batch at its end; `none`: there is no batch. */
  readonly rest: string
  readonly expected: Readonly<Record<string, Stands>>
  /** Of the landed branch; null: not there. */
  readonly landed?: Readonly<Record<string, string | null>>
  /** Items in the order in which attempts at them were opened. */
  readonly opened?: readonly string[]
  /** How often the agent was started. */
  readonly starts?: number
  /** What some prompt says. */
  readonly told?: readonly string[]
  /** Files of theirs that the person edited on the way. */
  readonly restored?: readonly string[]
  readonly check?: (site: Site, events: readonly BatchEvent[]) => void
}

/** Plays it, and proves that what it says is done passes in a fresh clone. */
export async function play(batch: Labelled): Promise<void> {
  const site = makeSite(batch)
  try {
    batch.prepare?.(site)
    await playOn(site, batch)
  } finally {
    site.remove()
  }
}

export async function playOn(site: Site, batch: Labelled): Promise<void> {
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const before = personal(site)
  const codes: (number | null)[] = []
  const events: BatchEvent[] = []
  const said: string[] = []
  for (const [nth, args] of (batch.runs ?? [[]]).entries()) {
    await batch.before?.(site, nth)
    const running = site.start(['run', '--json', ...args])
    try {
      await batch.meanwhile?.(site, running, nth)
    } catch (error) {
      running.child.kill('SIGTERM')
      await running.done
      throw error
    }
    const ran = await running.done
    codes.push(ran.code)
    said.push(
      ran.stderr,
      ...ran.events.flatMap((one) => batchEventLine(one) ?? []),
      ...ran.stdout.split('\n').filter((line) => !line.startsWith('{"seq":')),
    )
    events.push(...ran.events)
  }
  // Its story is shown only where the end is another.
  const story = codes.join() === batch.codes.join() ? [] : said
  expect({ codes, story }).toEqual({ codes: batch.codes, story: [] })
  if (batch.rest === 'none') return
  const status = statusOf(await site.cli(['status', '--batch', '--json']))
  const seen = {
    codes,
    rest: [status.state, status.code].filter((one) => one !== null).join(' '),
    expected: Object.fromEntries(status.items.map((one) => [one.id, standsOf(one)])),
    ...(batch.opened && {
      opened: events.flatMap((one) => (one.type === 'attempt-opened' ? [one.data.item] : [])),
    }),
    ...(batch.starts !== undefined && { starts: site.starts().length }),
  }
  const { rest, expected, opened, starts } = batch
  expect({ seen, said }).toMatchObject({
    seen: {
      codes: batch.codes,
      rest,
      expected,
      ...(opened && { opened }),
      ...(starts !== undefined && { starts }),
    },
  })
  for (const words of batch.told ?? [])
    expect(
      site
        .starts()
        .map((one) => one.prompt)
        .join('\n'),
    ).toContain(words)
  for (const file of batch.restored ?? []) site.git('checkout', '-q', '--', file)
  expect(personal(site)).toEqual(before)
  await proveDone(site, batch, events)
  batch.check?.(site, events)
}

/** What was landed, in a fresh clone: its gates pass there, and every commit of an item that is done is part of it. */
async function proveDone(
  site: Site,
  { expected, landed = {}, prefix = '.', config }: Labelled,
  events: readonly BatchEvent[],
): Promise<void> {
  const done = Object.entries(expected).filter(([, stands]) => stands === 'done')
  const head = site.head()
  // What the person has edited meanwhile is theirs to commit, so the target has moved and both are joined.
  if (site.git('status', '--porcelain') !== '') {
    site.git('add', '-A')
    site.git('commit', '-qm', 'by hand')
  }
  const { code, stdout, stderr } = await site.cli(['land', '--merge'])
  const story = code === (done.length > 0 ? 0 : 1) ? '' : stdout + stderr
  expect({ code, story }).toEqual({ code: done.length > 0 ? 0 : 1, story: '' })
  const clone = site.at('clone')
  execFileSync('git', ['clone', '-q', site.repo, clone])
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: clone, encoding: 'utf8' })
  git('merge-base', '--is-ancestor', head, 'HEAD')
  for (const name of (config?.['copy'] as readonly string[] | undefined) ?? [])
    fs.copyFileSync(`${site.repo}/${name}`, `${clone}/${name}`)
  if (done.length > 0) execFileSync('sh', ['check.sh'], { cwd: `${clone}/${prefix}`, stdio: 'pipe' })
  for (const [id] of done) {
    const commit = events.findLast((one) => one.type === 'integrated' && one.data.item === id)
    expect(commit).toBeDefined()
    if (commit?.type === 'integrated') git('merge-base', '--is-ancestor', commit.data.commit, 'HEAD')
  }
  const files = Object.fromEntries(Object.keys(landed).map((file) => [file, textIn(clone, file)]))
  expect(files).toEqual(landed)
}

function textIn(clone: string, file: string): string | null {
  const at = `${clone}/${file}`
  return fs.existsSync(at) ? fs.readFileSync(at, 'utf8') : null
}

/** What a person sees of their own repository; the branch that a batch publishes is not theirs. */
function personal(site: Site): object {
  return {
    head: site.git('rev-parse', 'HEAD'),
    refs: site
      .git('for-each-ref', '--format=%(refname) %(objectname)')
      .split('\n')
      .filter((line) => !line.startsWith('refs/heads/autonomous-loop/')),
    status: site.git('status', '--porcelain', '--', '.', ':!.codex'),
  }
}

interface Status {
  readonly state: string
  readonly code: string | null
  readonly items: readonly { readonly id: string; readonly state: string; readonly code: string | null }[]
}

function statusOf({ stdout, stderr }: Ran): Status {
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Status
}

function standsOf({ state, code }: Status['items'][number]): string {
  if (state === 'parked') return `parked ${code ?? ''}`
  return state === 'done' || state === 'dropped' ? state : 'open'
}
