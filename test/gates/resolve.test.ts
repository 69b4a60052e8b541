import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { resolveCommand } from '../../src/gates/resolve.ts'
import { command } from './rig.ts'

let dir: string
beforeAll(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-resolve-')))
})
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

/** A repository of this name with one script; what is said of a command in it. */
function fixOf(name: string, argv: readonly string[], script = ''): string {
  const root = path.join(dir, name)
  fs.mkdirSync(root, { recursive: true })
  fs.writeFileSync(path.join(root, 'check'), script, { mode: 0o755 })
  const resolved = resolveCommand(command('g', argv), root, '/usr/bin:/bin')
  return resolved.ok ? '(found)' : (resolved.error.fix ?? '(no fix)')
}

test.each([
  ['a missing program', ['no-such-tool'], '', 'install no-such-tool, then '],
  ['a missing interpreter', ['./check'], '#!/usr/bin/env nosuch\n', 'install nosuch, then '],
])(
  '%s: the command that is printed means this repository as a shell reads it',
  (_what, argv, script, begin) => {
    for (const name of ['plain', 'with space', "it's $HOME", '-- ; x']) {
      const fix = fixOf(name, argv, script)
      const [before, words] = fix.split('record the PATH again: autonomous-loop ')
      expect(before).toBe(begin)
      const said = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' })
      expect(said.split('\n')).toEqual(['allow', '--repo', path.join(dir, name), ''])
    }
  },
)

test('an interpreter that the script names by its place is found by no PATH', () => {
  expect(fixOf('plain', ['./check'], '#!/no/such/node\n')).toBe('restore /no/such/node')
})
