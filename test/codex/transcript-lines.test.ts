import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Result } from '../../src/base/result.ts'
import { withTranscript } from '../../src/codex/transcript/file.ts'
import { MAX_LINE_BYTES, MAX_SEARCH_BYTES, searchBackwards } from '../../src/codex/transcript/lines.ts'
import { lastTurnMark } from '../../src/codex/transcript/turn-mark.ts'
import { tokensSince } from '../../src/codex/transcript/tokens.ts'
import { holds } from '../rig/long.ts'

let dir = ''
let count = 0
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-'))
})
afterAll(() => fs.rmSync(dir, { recursive: true }))

const mark = (step: string) => `${JSON.stringify({ type: 'MARK', step })}\n`
const talk = (bytes = 10) => `${JSON.stringify({ type: 'message', text: 'x'.repeat(bytes) })}\n`

function file(...parts: readonly (string | Buffer)[]): string {
  count += 1
  const name = path.join(dir, `t${count}.jsonl`)
  fs.writeFileSync(name, '')
  for (const part of parts) fs.appendFileSync(name, part)
  return name
}

/** The step of the last whole line that is a mark, as every reader of a transcript looks for its lines. */
function lastMark(name: string): Result<string | null> {
  return withTranscript(name, (fd, size) => {
    let found: string | null = null
    searchBackwards(fd, {
      needle: '"MARK"',
      start: Math.max(0, size - MAX_SEARCH_BYTES),
      end: size,
      visit: (line) => {
        try {
          found = (JSON.parse(line) as { step: string }).step
        } catch {
          return false
        }
        return true
      },
    })
    return found
  })
}

describe('the last line of a kind', () => {
  test.each([
    ['the newest of several', [mark('old'), talk(), mark('new'), talk()], 'new'],
    ['in the first line', [mark('only')], 'only'],
    ['in a last line without newline', [talk(), mark('torn').trimEnd()], 'torn'],
    ['none', [talk()], null],
    ['none in an empty file', [], null],
    ['half a line is passed over', [mark('whole'), mark('half').slice(0, -9)], 'whole'],
    ['far from the end', [mark('far'), talk(3_500_000), talk(1_000_000), talk(3_000_000)], 'far'],
    ['behind a line longer than memory allows', [mark('far'), talk(MAX_LINE_BYTES * 2), talk()], 'far'],
  ])('%s', (_name, parts, step) => {
    expect(lastMark(file(...parts))).toEqual({ ok: true, value: step })
  })

  test('is looked for in the last 64 MB only', () => {
    const name = file(mark('far'))
    const handle = fs.openSync(name, 'r+')
    // Sparse: zeros without a newline cost no disk.
    fs.ftruncateSync(handle, MAX_SEARCH_BYTES * 4)
    fs.closeSync(handle)
    fs.appendFileSync(name, `\n${talk()}`)
    expect(lastMark(name)).toEqual({ ok: true, value: null })
    fs.appendFileSync(name, mark('near'))
    expect(lastMark(name)).toEqual({ ok: true, value: 'near' })
  })

  test('is found in any mix of lines', () => {
    const part = fc.oneof(
      fc.nat(9).map((n) => mark(`s${n}`)),
      fc.nat({ max: 700_000 }).map((n) => talk(n)),
      fc.string().map((text) => `${text}\n`),
    )
    holds(
      40,
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const last = parts.findLast((each) => each.includes('"MARK"'))
        const step = last === undefined ? null : (/"step":"(s\d)/.exec(last)?.[1] ?? null)
        expect(lastMark(file(...parts))).toEqual({ ok: true, value: step })
      }),
    )
  })
})

describe('what is no transcript', () => {
  test.each([
    ['missing', 'missing', () => path.join(dir, 'none')],
    ['a FIFO', 'not-regular', () => fifo()],
    ['a directory', 'not-regular', () => dir],
    ['a link', 'not-regular', () => link()],
  ])('%s', (_name, code, make) => {
    const name = make()
    expect(lastTurnMark(name)).toMatchObject({ ok: false, error: { code } })
    expect(tokensSince(name, 0)).toBe(null)
  })
})

function fifo(): string {
  const name = path.join(dir, 'fifo')
  execFileSync('mkfifo', [name])
  return name
}
function link(): string {
  const name = path.join(dir, 'link')
  fs.symlinkSync(file(mark('x')), name)
  return name
}
