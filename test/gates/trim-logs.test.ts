import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { trimLogs } from '../../src/gates/trim-logs.ts'

test('logs of the last two stops stay whole, older ones keep their beginning and their end', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-logs-'))
  const at = (name: string): string => path.join(dir, name)
  const size = (name: string): number => fs.statSync(at(name)).size
  const big = `first${'x'.repeat(1_000_000)}last`
  // 12 is of an earlier run of the session.
  for (const name of ['1-test.log', '2-test.log', '3-test.log', '12-test.log'])
    fs.writeFileSync(at(name), big)
  fs.writeFileSync(at('1-small.log'), 'small')
  fs.writeFileSync(at('notes.txt'), big)
  fs.symlinkSync(at('notes.txt'), at('1-link.log'))

  trimLogs(dir, 3)
  for (const whole of ['2-test.log', '3-test.log', 'notes.txt']) expect(size(whole)).toBe(big.length)
  for (const cut of ['1-test.log', '12-test.log']) {
    const text = fs.readFileSync(at(cut), 'utf8')
    expect(text).toMatch(/^firstx+\n\[936009 bytes of this older log were left out here\]\nx+last$/)
    expect(fs.statSync(at(cut)).mode & 0o077).toBe(0)
  }
  expect(fs.readFileSync(at('1-small.log'), 'utf8')).toBe('small')

  const { ino } = fs.statSync(at('1-test.log'))
  trimLogs(dir, 4)
  expect(fs.statSync(at('1-test.log')).ino).toBe(ino)
  expect(size('2-test.log')).toBeLessThan(65_000)
  trimLogs(path.join(dir, 'nowhere'), 1)
  fs.rmSync(dir, { recursive: true })
})
