import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readSession } from '../../src/ledger/store.ts'
import { type Called, type World, arm, makeWorld, spoolRoot } from './world.ts'
import { figure, long } from '../rig/long.ts'

/** What may stand where a file is read. Nothing of it may be waited for, followed or taken for the file. */
const kinds: Readonly<Record<string, (file: string) => Promise<void> | void>> = {
  'a FIFO': (file) => made('mkfifo', file),
  'a socket': (file) => listen(file),
  'an endless device': (file) => made('mknod', file, 'c', '1', '5'),
  'a terminal device': (file) => made('mknod', file, 'c', '5', '0'),
  'a directory': (file) => fs.mkdirSync(file),
  'a link to an endless device': (file) => fs.symlinkSync('/dev/zero', file),
  'a link to itself': (file) => fs.symlinkSync(path.basename(file), file),
  'a link to nothing': (file) => fs.symlinkSync('/nowhere/at/all', file),
  'an empty file': (file) => fs.writeFileSync(file, ''),
  'bytes that are no text': (file) => fs.writeFileSync(file, Buffer.from([0xff, 0xfe, 0, 0x80, 0x0a, 0xc3])),
  'a huge sparse file': (file) => (fs.writeFileSync(file, ''), fs.truncateSync(file, 600 * 2 ** 20)),
}

function made(...argv: [string, ...string[]]): void {
  const { status, stderr } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const servers: net.Server[] = []
/** The name of a socket may have a hundred bytes; a link to the directory makes it short. */
async function listen(file: string): Promise<void> {
  const short = fs.mkdtempSync('/tmp/s-')
  fs.symlinkSync(path.dirname(file), path.join(short, 'd'))
  const server = net.createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path.join(short, 'd', path.basename(file)), () => resolve())
  })
  servers.push(server)
  fs.rmSync(short, { recursive: true })
}

/** Which answers are right at a stop whose work is done, when something else stands there. */
type Right = 'held' | 'released' | 'either'
const isHeld = ({ kind }: Called): boolean => kind === 'block' || kind === 'end'
const isReleased = ({ kind, text }: Called): boolean => kind === 'message' && text.includes('released')
const isRight = (right: Right, stop: Called): boolean =>
  (right !== 'released' && isHeld(stop)) || (right !== 'held' && isReleased(stop))

interface Place {
  readonly name: string
  readonly file: (world: World) => string
  readonly right: Right
}
const one = (dir: string, wanted: RegExp): string =>
  path.join(dir, fs.readdirSync(dir).find((name) => wanted.test(name)) ?? 'absent')

const places: readonly Place[] = [
  { name: 'the ledger', file: (w) => w.paths.ledger, right: 'held' },
  { name: 'the marker', file: (w) => w.paths.marker, right: 'held' },
  { name: 'the baseline', file: (w) => one(w.paths.dir, /^baseline-.*\.json/), right: 'held' },
  // What matters of it is in the scratch as well, and is known by its hash.
  { name: 'the list of the start', file: (w) => one(w.paths.dir, /^baseline-.*\.br$/), right: 'either' },
  {
    name: 'the project config',
    file: (w) => path.join(w.repo, '.codex/autoloop.project.json'),
    right: 'held',
  },
  // The run has its own copy of what was approved; of the next ones a verdict needs none.
  { name: 'the approval', file: (w) => one(w.all.approved, /./), right: 'released' },
  { name: 'the live record', file: (w) => path.join(w.all.live, w.session), right: 'released' },
  { name: 'machine.json', file: (w) => w.all.machine, right: 'released' },
  { name: 'the transcript', file: (w) => path.join(w.dir, 'transcript.jsonl'), right: 'released' },
  { name: 'the checkpoint', file: (w) => path.join(w.paths.dir, 'checkpoint'), right: 'released' },
  { name: 'the append lock', file: (w) => w.paths.appendLock, right: 'either' },
  { name: 'the judging lock', file: (w) => w.paths.judgingLock, right: 'either' },
  { name: 'the intake lock', file: (w) => w.paths.intakeLock, right: 'either' },
  { name: 'the directory of gate logs', file: (w) => w.paths.gates, right: 'released' },
  { name: 'the log of a gate', file: (w) => path.join(w.paths.gates, '1-check.log'), right: 'released' },
  { name: 'the scratch of git', file: (w) => path.join(w.home, 'git'), right: 'either' },
  { name: 'a spool file', file: (w) => path.join(spoolRoot(w), '1.json'), right: 'released' },
  { name: 'the spool', file: (w) => spoolRoot(w), right: 'released' },
  { name: 'the debug log', file: (w) => path.join(w.home, 'debug.log'), right: 'released' },
  { name: 'package.json', file: (w) => path.join(w.repo, 'package.json'), right: 'either' },
  { name: 'a lockfile', file: (w) => path.join(w.repo, 'package-lock.json'), right: 'either' },
  { name: '.npmrc', file: (w) => path.join(w.repo, '.npmrc'), right: 'either' },
  { name: '.gitignore', file: (w) => path.join(w.repo, '.gitignore'), right: 'either' },
  { name: '.gitattributes', file: (w) => path.join(w.repo, '.gitattributes'), right: 'either' },
  { name: 'the git index', file: (w) => path.join(w.repo, '.git/index'), right: 'either' },
  { name: 'HEAD', file: (w) => path.join(w.repo, '.git/HEAD'), right: 'either' },
  { name: 'a file of evidence', file: (w) => path.join(w.repo, 'src/work.txt'), right: 'held' },
  { name: 'a new file of the workspace', file: (w) => path.join(w.repo, 'src/other'), right: 'either' },
]

/** The gate: all places that hold a session, and a third of the others. */
const played = long ? places : places.filter(({ right }, at) => right === 'held' || at % 3 === 0)

/** The gate: one, so that each kind has its turn; where it holds a session, a FIFO and an endless device behind a link as well. */
function chosen(of: unknown): (readonly [string, (file: string) => Promise<void> | void])[] {
  const all = Object.entries(kinds)
  const at = places.findIndex(({ file }) => file === of)
  const holds = places[at]?.right === 'held'
  return long
    ? all
    : all.filter(([name], index) => index === at % all.length || (holds && /FIFO|link to an/.test(name)))
}

let world: World
let restore: () => void
let calls = 0
beforeAll(async () => {
  world = makeWorld()
  world.machine(3600)
  await world.call('session-start')
  await arm(world)
  world.write('src/work.txt', 'right')
  fs.writeFileSync(path.join(world.dir, 'transcript.jsonl'), '{}\n')
  restore = world.snapshot()
}, 120_000)
afterAll(() => {
  for (const server of servers) server.close()
  world.remove()
  figure('files replaced', { places: played.length, kinds: Object.keys(kinds).length, calls })
})

describe.each(played)('in place of $name', ({ file, right }) => {
  test.each(chosen(file))('%s', async (name, make) => {
    restore()
    const target = file(world)
    fs.rmSync(target, { recursive: true, force: true })
    fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 })
    await make(target)
    calls += 1
    const more = { transcript_path: path.join(world.dir, 'transcript.jsonl') }
    const stop = await world.call('stop', { more })
    // Named, so that a person knows where to look.
    expect({ code: stop.code, right: isRight(right, stop) ? 'right' : stop.stdout.slice(0, 600) }).toEqual({
      code: 0,
      right: 'right',
    })
    const session = readSession(world.home, world.session)
    const released = session.ok && session.value.state.runs[0]?.status === 'released'
    expect([name, released]).toEqual([name, stop.kind === 'message'])
    // A person's status and a new session get an answer too.
    const start = await world.call('session-start', { more })
    expect([name, start.code, start.kind]).toEqual([
      name,
      0,
      expect.stringMatching(/nothing|message|context/),
    ])
  })
})
