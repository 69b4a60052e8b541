import fs from 'node:fs'
import path from 'node:path'
import { interleave, peakOf } from '../parts/measure.js'
import { amount, extra } from '../parts/rows.js'
import { blockedStop } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'transcript'
export const about =
  'a transcript of 1 GB with the count of its tokens 10 MB before its end, beside one of 10 kB'

export function run({ world, rounds, scale }) {
  const repo = makeRepo(world, 'transcript', { defaults: { maxTokens: 1_000_000 } })
  const session = arm(world, repo, { kind: 'pathExists', path: 'never' })
  const [small, large] = ['small.jsonl', 'large.jsonl'].map((each) => path.join(world.dir, each))
  write(small, 5_000, 5_000)
  write(large, scale(1_000_000_000), 10_000_000)
  const stop = (transcript_path) => blockedStop(world, repo, session, { more: { transcript_path } })
  const samples = interleave({ small: stop(small), large: stop(large) }, rounds(15), 2)
  const peak = (file) => peakOf(world.bundle, ['stop'], { ...stop(file), env: world.hookEnv })
  const rows = [
    extra('stop', samples, 'large', 'small', 15),
    amount('stop: memory more', peak(large) - peak(small), 'MB', 20),
  ]
  fs.rmSync(large)
  return rows
}

/** `before` bytes, a count of tokens from before the run (there the search ends), `after` bytes; lines as Codex writes them. */
function write(file, before, after) {
  const line = (type, payload) =>
    `${JSON.stringify({ timestamp: new Date(Date.now() - 3_600_000).toISOString(), type, payload })}\n`
  const talk = line('response_item', {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'word '.repeat(800) }],
  })
  const count = line('event_msg', {
    type: 'token_count',
    info: { total_token_usage: { total_tokens: 5_000 } },
  })
  const fd = fs.openSync(file, 'w')
  const block = Buffer.from(talk.repeat(Math.max(1, Math.floor(1_000_000 / talk.length))))
  const fill = (bytes) => {
    for (let left = bytes; left > 0; left -= block.length)
      fs.writeSync(fd, left >= block.length ? block : Buffer.from(talk))
  }
  fill(before)
  fs.writeSync(fd, count)
  fill(after)
  fs.closeSync(fd)
}
