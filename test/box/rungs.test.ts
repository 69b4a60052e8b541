import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { boxed, grantedNetwork } from '../../src/box/boxed.ts'
import { diskPieces, readMounts } from '../../src/box/disk.ts'
import { findBwrap } from '../../src/box/find-bwrap.ts'
import { makeLayer } from '../../src/box/layers.ts'
import { standing, standingWith } from '../../src/box/rungs.ts'
import { treeBelow } from '../../src/box/sealed.ts'
import { seccompFilter } from '../../src/box/seccomp.ts'
import { NOTHING } from '../../src/gates/reach.ts'
import { codexBinary } from '../rig/binaries.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-rungs-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const real = path.join(path.dirname(codexBinary()), '../codex-resources/bwrap')

/** A Codex of which only the place matters, with a bwrap beside it that is this script; null: with none. */
function codexWith(script: string | null): string {
  fs.mkdirSync(path.join(dir, 'bin'))
  fs.mkdirSync(path.join(dir, 'codex-resources'))
  if (script !== null)
    fs.writeFileSync(path.join(dir, 'codex-resources/bwrap'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return path.join(dir, 'bin/codex')
}

const refusing = (what: string, words: string): string =>
  `case " $* " in *" ${what} "*) echo "bwrap: ${words}" >&2; exit 1;; esac\nexec ${real} "$@"`

test.each([
  ['everything is granted', `exec ${real} "$@"`, 'box', null],
  ['no overlays', refusing('--overlay-src', 'Invalid argument'), 'box-no-unix', 'bwrap: Invalid argument'],
  ['no user namespaces', refusing('--unshare-user', 'No permissions'), 'codex-only', 'bwrap: No permissions'],
  ['it says nothing', 'exit 3', 'codex-only', 'it ended with 3'],
  ['no bwrap', null, 'codex-only', expect.stringContaining('no bwrap with overlays')],
])('%s: the rung and why', (_name, script, rung, why) => {
  expect(standing({ codexBin: codexWith(script), dir: path.join(dir, 'state') }, [])).toMatchObject({
    rung,
    why,
  })
})

test('a directory that goes while a box is tried lowers no rung', () => {
  if (process.getuid?.() !== 0) {
    process.stderr.write('not tried without root: a directory that goes while a box is tried\n')
    return
  }
  // An entry of `/` is a piece of every box.
  const gone = fs.mkdtempSync('/.autoloop-goes-')
  fs.writeFileSync(path.join(gone, 'x'), '')
  try {
    const codexBin = codexWith(`echo >> ${dir}/tries\nrm -rf ${gone}\nexec ${real} "$@"`)
    expect(standing({ codexBin, dir: path.join(dir, 'state') }, [])).toMatchObject({ rung: 'box', why: null })
    expect(fs.readFileSync(path.join(dir, 'tries'), 'utf8').length).toBeGreaterThan(1)
  } finally {
    fs.rmSync(gone, { recursive: true, force: true })
  }
})

test.each([
  ['both are granted', `exec ${real} "$@"`, 'box', null, null, 1],
  ['no layer above the tree', refusing('--overlay', 'layer refused'), 'box', null, 'bwrap: layer refused', 2],
  ['no overlays', refusing('--overlay-src', 'none'), 'box-no-unix', 'bwrap: none', 'bwrap: none', 3],
  ['no user namespaces', refusing('--unshare-user', 'no'), 'codex-only', 'bwrap: no', 'bwrap: no', 3],
])(
  '%s: the rung, what is against a layer, and how often it is tried',
  (_name, script, rung, why, refused, tries) => {
    fs.mkdirSync(path.join(dir, 'tree'))
    const layers = path.join(dir, 'layers')
    const sealed = treeBelow(path.join(dir, 'tree'), [layers], makeLayer(layers))
    const codexBin = codexWith(`echo >> ${dir}/tries\n${script}`)
    expect(standingWith({ codexBin, dir: path.join(dir, 'state') }, sealed, [])).toMatchObject({
      on: { rung, why },
      refused,
    })
    expect(fs.readFileSync(path.join(dir, 'tries'), 'utf8')).toHaveLength(tries)
  },
)

test('a place for the filter that cannot be written leaves no box', () => {
  const place = { codexBin: codexBinary(), dir: '/dev/null/box' }
  expect(standing(place)).toMatchObject({ rung: 'codex-only', why: expect.stringContaining('/dev/null/box') })
})

test('without a box loopback is as none, and the record says so', () => {
  const alone = standing({ codexBin: codexWith(null), dir: path.join(dir, 'state') }, [])
  const launch = { argv: ['codex', 'sandbox'], env: {}, sandboxed: true }
  for (const [asked, got] of [
    ['none', 'none'],
    ['loopback', 'none'],
    ['full', 'full'],
  ] as const) {
    expect(grantedNetwork(alone, asked)).toBe(got)
    const box = { rung: 'codex-only', network: got }
    expect(boxed(launch, alone, { network: asked, kept: [], reached: NOTHING })).toEqual({ ...launch, box })
  }
})

test.each([
  ['bubblewrap 0.8.0', false],
  ['bubblewrap 0.10.2', false],
  ['bubblewrap 0.11.0', true],
  ['bubblewrap 1.0.0', true],
  ['something else', false],
])('of a system whose bwrap says %j: %s', (version, taken) => {
  const system = path.join(dir, 'bwrap')
  fs.writeFileSync(system, `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 })
  expect(findBwrap(codexWith(null), [path.join(dir, 'none'), system])).toBe(taken ? system : null)
})

test('a disk is taken apart where something is mounted, and nowhere else', () => {
  for (const name of ['plain/deep', 'apart/mounted', 'apart/beside/deep', 'apart/empty'])
    fs.mkdirSync(path.join(dir, name), { recursive: true })
  fs.writeFileSync(path.join(dir, 'apart/file'), '')
  fs.symlinkSync('beside', path.join(dir, 'apart/link'))
  const below = (pieces: ReturnType<typeof diskPieces>) =>
    (pieces ?? [])
      .filter((one) => one.path.startsWith(`${dir}/`))
      .map((one) => [one.kind, path.relative(dir, one.path)])
  const at = (name: string) => path.join(dir, name)
  expect(
    below(diskPieces([{ path: at('apart/mounted'), type: 'ext4' }])).toSorted((a, b) =>
      String(a).localeCompare(String(b)),
    ),
  ).toEqual([
    ['directory', 'apart'],
    ['directory', 'apart/empty'],
    ['file', 'apart/file'],
    ['link', 'apart/link'],
    ['overlay', 'apart/beside'],
    ['overlay', 'apart/mounted'],
    ['overlay', 'plain'],
  ])
  expect(below(diskPieces([{ path: at('apart/mounted'), type: 'vfat' }]))).toContainEqual([
    'bind',
    'apart/mounted',
  ])
  const pieces = diskPieces([]) ?? []
  for (const own of ['/proc', '/sys', '/dev', '/run', '/tmp'])
    expect(pieces.map((one) => one.path)).not.toContain(own)
})

test('mount points with blanks are read as they are', () => {
  const line = String.raw`36 35 98:0 / /mnt/a\040b rw,noatime master:1 - ext3 /dev/root rw`
  expect(readMounts(`${line}\n`)).toEqual([{ path: '/mnt/a b', type: 'ext3' }])
})

test('an architecture whose numbers are unknown has no filter', () => {
  expect(seccompFilter({ unixSockets: 'allow' }, 's390x')).toBe(null)
  for (const arch of ['x64', 'arm64'] as const)
    expect(seccompFilter({ unixSockets: 'refuse' }, arch)?.length).toBeGreaterThan(
      seccompFilter({ unixSockets: 'allow' }, arch)?.length ?? 0,
    )
})
