import fs from 'node:fs'
import path from 'node:path'
import { interleave, peakOf } from '../parts/measure.js'
import { amount, extra, ratio } from '../parts/rows.js'
import { blockedStop } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'gates'
export const about = 'what running approved commands adds to a stop'

const fast = (commands) => ({ commands, profiles: { fast: Object.keys(commands) } })

export function run({ world, rounds, scale }) {
  const stopOf = (repoName, commands, sandbox) => {
    const repo = makeRepo(world, repoName, { ...fast(commands), policy: { sandbox } })
    return blockedStop(world, repo, arm(world, repo, { kind: 'pathExists', path: 'never' }))
  }
  const one = { t: ['/bin/true'] }
  const inside = stopOf('inside', one, 'on')
  const outside = stopOf('outside', one, 'off')
  const none = stopOf('none', {}, 'off')
  // What of it is Codex's: its native binary, as bootstrap recorded it, asked for the same command and nothing of ours.
  const { codex } = JSON.parse(fs.readFileSync(path.join(world.home, 'machine.json'), 'utf8'))
  const codexItself = {
    argv: [codex.native, 'sandbox', '-P', ':workspace', '-C', inside.cwd, '--', '/bin/true'],
    env: world.env,
  }
  const bare = { argv: ['/bin/true'] }
  const sandbox = interleave({ none, outside, inside, codexItself, bare }, rounds(31), 2)

  // Only now: half a gigabyte on its way to the disk slows everything that writes.
  const big = path.join(world.dir, 'big')
  const bytes = scale(500_000_000)
  const fd = fs.openSync(big, 'w')
  const block = Buffer.from('all is well with this test, and so it goes on\n'.repeat(20_000))
  for (let at = 0; at < bytes; at += block.length)
    fs.writeSync(fd, block, 0, Math.min(block.length, bytes - at))
  fs.closeSync(fd)
  const flood = stopOf('flood', { flood: { argv: ['/bin/cat', big] } }, 'off')
  const references = {
    cat: { argv: ['/bin/sh', '-c', `cat '${big}' >/dev/null`] },
    'cat | cat': { argv: ['/bin/sh', '-c', `cat '${big}' | cat >/dev/null`] },
  }
  const floods = interleave({ ...references, outside, flood }, rounds(7))
  const net = { ...floods, flood: floods.flood.map((ms, i) => ms - floods.outside[i]) }
  const memory = (stop) => peakOf(world.bundle, ['stop'], { ...stop, env: world.hookEnv })

  const sleeps = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((each) => [each, { argv: ['/bin/sleep', '2'], parallel: true }]),
  )
  const parallel = interleave(
    { longest: { argv: ['/bin/sleep', '2'] }, four: stopOf('parallel', sleeps, 'on') },
    rounds(3),
    0,
  )
  fs.rmSync(big)
  return [
    extra('one gate in the sandbox', sandbox, 'inside', 'outside', 40),
    { ...extra('of it codex sandbox itself', sandbox, 'codexItself', 'bare', null) },
    { ...extra('one gate without the sandbox', sandbox, 'outside', 'none', null) },
    ratio('gate that writes 500 MB', net, 'flood', ['cat | cat'], 2),
    ratio('gate that writes 500 MB (cat > /dev/null)', net, 'flood', ['cat'], 2),
    amount('gate that writes 500 MB: memory more', memory(flood) - memory(outside), 'MB', 40),
    ratio('four gates of 2 s at once', parallel, 'four', ['longest'], 1.2),
  ]
}
