import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Command } from '../../src/contract/types.ts'
import type { GateResult } from '../../src/gates/types.ts'
import { noRules } from '../../src/records/sealing.ts'
import { command } from '../gates/rig.ts'
import { type BoxLab, makeBoxLab, peopleHere } from './lab.ts'
import type { Job } from './job.ts'
import { long, sampleOf } from '../rig/long.ts'

describe.each(peopleHere)('%s', (_name, uid) => {
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

  test.each(
    sampleOf(
      ['echo x > src/a', 'rm src/deep/b', 'mv src/a src/c', 'echo x >> note', 'chmod -x run', 'touch src/a'],
      3,
    ),
  )('what was there is refused: %s', (script) => {
    expect(gate(script)).toMatchObject({
      outcome: { kind: 'failed' },
      tail: expect.stringMatching(/Read-only file system|Device or resource busy/),
      box: { seal: { kind: 'sealed', rewrote: [] } },
    })
  })

  const shell = (script: string, more: Partial<Command> = {}): Command =>
    command('gate', ['sh', '-c', script], { network: 'loopback', ...more })

  test('what a gate keeps is there for the next, and nothing else, and never a source', () => {
    person('mkdir dist; echo old > dist/old')
    const before = tree()
    const build = shell(
      'rm -rf dist && mkdir dist && echo built > dist/x && echo other > other && echo rewritten > src/a',
      { keeps: ['dist/**', 'src/**'], gateWrites: ['src/*'] },
    )
    const look = shell('cat dist/x src/a; ls dist; test ! -e other && echo more >> dist/x')
    const last = shell('cat dist/x')
    expect(gate('', { before: [build], command: look })).toMatchObject({
      outcome: { kind: 'passed' },
      tail: 'built\none\nx\n',
      box: { seal: { kind: 'sealed', rewrote: [] } },
    })
    expect(gate('', { before: [build, look], command: last })).toMatchObject({
      outcome: { kind: 'passed' },
      tail: 'built\n',
    })
    const failing = { ...build, argv: [...build.argv.slice(0, 2), `${build.argv[2]}; exit 1`] }
    expect(gate('', { before: [failing], command: last }).tail).toMatch(/No such file/)
    expect(tree()).toBe(before)
    expect(fs.readdirSync(at('state/layers'))).toEqual([])
  })

  test.each([
    [
      'its command may write it and changes it',
      'echo x > src/a; rm run',
      ['src/*', 'run'],
      noRules,
      ['run', 'src/a'],
    ],
    ['its command may write it and does not change it', 'echo one > src/a', ['src/*'], noRules, []],
    ['every gate may write it', 'echo x > src/a', [], { ...noRules, gateWrites: ['src/*'] }, []],
  ])('%s: named or not', (_case, script, gateWrites, sealed, rewrote) => {
    expect(gate('', { sealed, command: shell(script, { gateWrites }) })).toMatchObject({
      outcome: { kind: 'passed' },
      box: { seal: { kind: 'sealed', rewrote } },
    })
    expect(person('cat src/a')).toBe('one\n')
  })

  test('of more files than are refused the others are named, also when they are put back', () => {
    person('for i in $(seq 200); do echo $i > src/deep/f$i; done; git add .')
    const script = 'for f in src/deep/*; do cp -p $f /tmp/was; echo x > $f && cat /tmp/was > $f; done; true'
    const { box, outcome } = gate(script)
    expect(outcome).toEqual({ kind: 'passed' })
    expect(box?.seal?.rewrote.length).toBeGreaterThan(90)
    expect(box?.seal?.rewrote.every((one) => one.startsWith('src/deep/'))).toBe(true)
  })

  test.each(
    sampleOf(
      [
        ['is removed and made again', 'rm -r src/zoo; mkdir src/zoo; echo x > src/zoo/new', 'src/zoo/'],
        [
          'is made again with a part of it',
          'cp src/zoo/in/f1 /tmp/f1; rm -r src/zoo/in; mkdir src/zoo/in; mv /tmp/f1 src/zoo/in',
          'src/zoo/in/',
        ],
        ['is made again around one below it', 'rm -r src/zoo; mkdir -p src/zoo/in', 'src/zoo/'],
        ['only gets a new file', 'echo x > src/zoo/in/new.txt', null],
      ] as const,
      2,
    ),
  )('of a directory of sources that %s, all that is gone is named', (_case, script, below) => {
    person(
      'mkdir -p src/zoo/in; for i in $(seq 20); do echo $i > src/deep/f$i; echo $i > src/zoo/f$i; echo $i > src/zoo/in/f$i; done; git add .',
    )
    const wanted = person('git ls-files src/zoo').trim().split('\n')
    const { box, outcome } = gate(script)
    expect(outcome).toEqual({ kind: 'passed' })
    expect(box?.seal).toEqual({
      kind: 'sealed',
      rewrote: wanted.filter((one) => below !== null && one.startsWith(below)).sort(),
    })
  })

  test('more than it may write ends it, and it could not run', () => {
    const sealed = { ...noRules, outputBytes: 1 << 20 }
    for (const end of ['sleep 100', 'true'])
      expect(gate(`head -c 67108864 /dev/zero > big; ${end}`, { sealed }).outcome).toMatchObject({
        kind: 'could-not-run',
        why: 'disk: it wrote more than 0 GiB',
      })
    expect(fs.readdirSync(at('state/layers'))).toEqual([])
  })

  test('without overlays it runs in the tree, and what it wrote is named, also when it is put back', () => {
    const script = 'cp -p src/a dist-a; echo x > src/a; cat dist-a > src/a; touch -r dist-a src/a; rm dist-a'
    expect(gate(script, { place: 'box-no-unix' })).toMatchObject({
      outcome: { kind: 'passed' },
      box: { rung: 'box-no-unix', seal: { kind: 'not-sealed', why: 'as if', rewrote: ['src/a'] } },
    })
  })

  test('a hook that is killed leaves no process, and the next gate removes its layer', () => {
    const mark = `4711${process.pid}`
    expect(() => gate(`mkdir dist; chmod 0 dist; echo here; exec sleep ${mark}`, { dies: true })).toThrow()
    expect(fs.readdirSync(at('state/layers'))).toHaveLength(1)
    while (spawnSync('pgrep', ['-f', `sleep ${mark}`]).status === 0);
    fs.rmSync(at('state/gate.log'))
    expect(gate('true').outcome).toEqual({ kind: 'passed' })
    expect(fs.readdirSync(at('state/layers'))).toEqual([])
  })

  test.each(
    sampleOf(
      ['a package below the top', 'a linked worktree', 'below the temp directory', 'through a link'],
      2,
      1,
    ),
  )('it is sealed wherever the repository is: %s', (where) => {
    const tmp = `/tmp/autoloop-sealed-${process.pid}-${uid}`
    const places: Record<string, readonly [string, string]> = {
      'a package below the top': [at('repo/src'), 'true'],
      'a linked worktree': [at('repo/tree/src'), 'git worktree add -q tree'],
      'below the temp directory': [`${tmp}/src`, `git clone -q . ${tmp}`],
      'through a link': [at('repo/link'), 'true'],
    }
    const [root, make] = places[where] ?? ['', '']
    person(make)
    const result = gate('echo x > new; cat a; echo x > a', { root })
    fs.rmSync(tmp, { recursive: true, force: true })
    expect(result).toMatchObject({
      outcome: { kind: 'failed' },
      tail: expect.stringMatching(/^one\n.*Read-only file system/),
      box: { seal: { kind: 'sealed', rewrote: [] } },
    })
    expect(fs.existsSync(`${root}/new`)).toBe(false)
  })

  if (long)
    test('what a step wrote is there for the next, but for settings, tools and sources', () => {
      person(`mkdir node_modules
      echo 'mkdir dist; for f in dist/x dist/package.json out.txt src/jest.config.js .npmrc node_modules/tool; do echo 1 > $f; done' > one.sh
      echo 'cat dist/x dist/package.json out.txt; find . -name "*.config.js" -o -name .npmrc -o -name tool' > two.sh`)
      const apart = command('gate', ['sh', '-c', 'sh one.sh && sh two.sh'], { network: 'loopback' })
      expect(gate('', { apart: true, command: apart })).toMatchObject({
        outcome: { kind: 'passed' },
        of: 2,
        tail: '1\n1\n1\n',
        box: { seal: { kind: 'sealed', rewrote: [] } },
      })
      expect(fs.readdirSync(at('state/layers'))).toEqual([])
    })
})
