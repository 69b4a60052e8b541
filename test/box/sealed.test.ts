import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { GateResult } from '../../src/gates/types.ts'
import { noRules } from '../../src/records/sealing.ts'
import { command } from '../gates/rig.ts'
import { type BoxLab, makeBoxLab, people } from './lab.ts'
import type { Job } from './job.ts'

describe.each(people)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeEach(() => {
    lab = makeBoxLab(uid)
    person(`rm -r .git probe.py; git init -q; mkdir -p src/deep cache
      echo one > src/a; echo two > src/deep/b; echo mine > note; printf 'dist/\\ncache/\\n*.o\\n' > .gitignore
      echo '#!/bin/sh' > run; chmod +x run; ln -s src link; echo cached > cache/x; touch cache/y
      git add src run link .gitignore; git -c user.name=x -c user.email=x@x commit -qm start`)
  })
  afterEach(() => lab.remove())

  const at = (name: string): string => path.join(lab.dir, name)
  const who = uid === null ? {} : { uid, gid: uid }
  /** In the repository, outside of every sandbox. */
  const person = (script: string): string => {
    const env = { PATH: '/usr/bin:/bin', HOME: at('user') }
    const ran = spawnSync('/bin/sh', ['-ec', script], { cwd: at('repo'), env, encoding: 'utf8', ...who })
    if (ran.status !== 0) throw new Error(ran.stderr)
    return ran.stdout
  }
  const gate = (script: string, more: Partial<Job> = {}): GateResult =>
    lab.run({
      place: 'box',
      person: false,
      sealed: noRules,
      command: command('gate', ['sh', '-c', script], { network: 'loopback' }),
      ...more,
    })
  const tree = (): string =>
    person('find . -path ./.git -prune -o -printf "%p %y %m %s %T@ %C@\\n" | sort; cat src/a')

  test('outputs are made, emptied and made again, and are gone afterwards', () => {
    const before = tree()
    const result = gate(`mkdir dist && echo 1 > dist/x && rm -rf dist && mkdir dist && echo 2 > dist/x
      rm -rf cache && mkdir cache && echo new > cache/x && echo report > report.xml && echo o > src/a.o
      git status --porcelain && chmod 0 dist && cat cache/x`)
    expect(result).toMatchObject({
      outcome: { kind: 'passed' },
      tail: '?? note\n?? report.xml\nnew\n',
      box: { rung: 'box', seal: { kind: 'sealed', rewrote: [] } },
    })
    expect(tree()).toBe(before)
    expect(fs.readdirSync(at('state/layers'))).toEqual([])
  })

  test.each([
    'echo x > src/a',
    'rm src/deep/b',
    'mv src/a src/c',
    'echo x >> note',
    'chmod -x run',
    'touch src/a',
  ])('what was there is refused: %s', (script) => {
    expect(gate(script)).toMatchObject({
      outcome: { kind: 'failed' },
      tail: expect.stringMatching(/Read-only file system|Device or resource busy/),
      box: { seal: { kind: 'sealed', rewrote: [] } },
    })
  })
})
