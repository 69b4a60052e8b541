// What is measured: a hook event through the shim as Codex starts it, and the references.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { payload } from './world.js'

export const bareNode = { argv: [process.execPath, '-e', '0'] }
export const bareShell = { argv: ['/bin/sh', '-c', ':'] }

export function gitStatus(repo) {
  return { argv: ['git', 'status', '--porcelain'], cwd: repo }
}

/** A stop that must be answered with a block; `words` must be in its reason. */
export function blockedStop(world, repo, session, { words = 'Outstanding', more = {} } = {}) {
  return {
    argv: [world.shim, 'stop'],
    input: payload('stop', session, repo, more),
    cwd: repo,
    env: world.env,
    check(out) {
      if (!out.startsWith('{"decision":"block"') || !out.includes(words))
        throw new Error(`expected a block with ${JSON.stringify(words)}, got ${out || 'nothing'}`)
    },
  }
}

/** An event that is nothing of ours. */
export function silent(shim, world, event, cwd, session = randomUUID()) {
  return {
    argv: [shim, event],
    input: payload(event, session, cwd),
    cwd,
    env: world.env,
    check(out) {
      if (out !== '') throw new Error(`expected no answer, got ${out}`)
    },
  }
}

/** A prompt that arms a session of its own: the baseline is taken in it. */
export function activation(world, repo) {
  const way = {
    argv: [world.shim, 'user-prompt-submit'],
    cwd: repo,
    env: world.env,
    before() {
      way.input = payload('user-prompt-submit', randomUUID(), repo, {
        prompt: '$autonomous-loop measure this',
      })
    },
    check(out) {
      if (!out.includes('autonomous-loop: armed')) throw new Error(`not armed: ${out}`)
    },
  }
  return way
}

/** Milliseconds of one stop, whatever its verdict. */
export function answered(world, repo, session) {
  const options = { cwd: repo, env: world.env, input: payload('stop', session, repo), encoding: 'utf8' }
  const begin = process.hrtime.bigint()
  const ran = spawnSync(world.shim, ['stop'], options)
  const ms = Number(process.hrtime.bigint() - begin) / 1e6
  if (ran.status !== 0) throw new Error(`stop ended with ${ran.status ?? ran.error}: ${ran.stderr}`)
  return ms
}

/** What the ledger of a session has of its last stop. */
export function lastVerdict(world, session) {
  const file = path.join(world.home, 'sessions', session, 'ledger.jsonl')
  const events = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return events.findLast(({ data }) => data?.commands !== undefined).data
}

/** The shim with a node that is not there: an answer of it would show that it wanted to start node. */
export function withoutNode(world) {
  const shim = path.join(world.dir, 'shim-without-node')
  const text = fs.readFileSync(world.shim, 'utf8')
  const changed = text.replace(/^node=.*$/m, "node='/nowhere/node'")
  if (changed === text) throw new Error('the shim names its node in another way now')
  fs.writeFileSync(shim, changed, { mode: 0o755 })
  return shim
}
