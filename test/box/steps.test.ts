import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { GateResult } from '../../src/gates/types.ts'
import type { TreeRules } from '../../src/records/sealing.ts'
import { command } from '../gates/rig.ts'
import { type BoxLab, makeBoxLab, peopleHere } from './lab.ts'
import { sampleOf } from '../rig/long.ts'

/**
 * What the agent's tests (`unit`) try so that `check`, which fails, passes: code of a Node module each. `named`: the
 * definition is changed, so check is not even run.
 */
const attacks: readonly {
  readonly name: string
  readonly unit: string
  readonly check: string
  readonly named?: string
}[] = [
  {
    name: 'its script',
    unit: `const json = JSON.parse(fs.readFileSync('package.json', 'utf8')); json.scripts.check = 'true'
      fs.writeFileSync('package.json', JSON.stringify(json))`,
    check: 'process.exit(1)',
    named: 'package.json',
  },
  {
    name: 'a pinned file',
    unit: "fs.writeFileSync('rules.json', 'none')",
    check: "process.exit(fs.readFileSync('rules.json', 'utf8') === 'none' ? 0 : 1)",
    named: 'rules.json',
  },
  {
    name: 'a file that a process behind it creates for the time of check and removes',
    unit: behind(`setInterval(() => {
      if (fs.existsSync('asked')) { fs.rmSync('asked'); fs.writeFileSync('bent', ''); fs.writeFileSync('answered', '') }
      if (fs.existsSync('seen')) { fs.rmSync('bent'); process.exit(0) } }, 10)`),
    check: asks("fs.existsSync('bent')"),
  },
  {
    name: 'a process behind it that puts a source right for the time of check',
    unit: behind(`setInterval(() => {
      if (fs.existsSync('asked')) { fs.rmSync('asked'); fs.writeFileSync('source.mjs', 'fixed'); fs.writeFileSync('answered', '') }
      if (fs.existsSync('seen')) { fs.writeFileSync('source.mjs', 'broken'); process.exit(0) } }, 10)`),
    check: asks("fs.readFileSync('source.mjs', 'utf8') === 'fixed'"),
  },
  {
    name: 'a server on a port that check asks',
    unit: behind(
      "require('net').createServer((one) => one.end('fine')).listen(4567, '127.0.0.1', () => fs.writeFileSync('up', ''))",
      'up',
    ),
    check: `net.connect(4567, '127.0.0.1').on('error', () => process.exit(1)).on('data', () => process.exit(0))`,
  },
  {
    name: 'a file in the temp directory',
    unit: "fs.writeFileSync('/tmp/autoloop-steps-verdict', '')",
    check: "process.exit(fs.existsSync('/tmp/autoloop-steps-verdict') ? 0 : 1)",
  },
]

/** A process that outlives unit; unit ends when `ready` is there, or at once. */
function behind(code: string, ready?: string): string {
  const wait =
    ready === undefined
      ? ''
      : `while (!fs.existsSync('${ready}')) await new Promise((done) => setTimeout(done, 5))`
  return `fs.writeFileSync('behind.cjs', ${JSON.stringify(`const fs = require('fs'); ${code}`)})
    const { spawn } = await import('node:child_process')
    spawn(process.execPath, ['behind.cjs'], { detached: true, stdio: 'ignore' }).unref()
    ${wait}`
}

/** Asks whatever runs behind it to do its work, and gives it a second. */
function asks(bent: string): string {
  return `fs.writeFileSync('asked', '')
    for (let left = 100; left > 0 && !fs.existsSync('answered'); left--) await new Promise((done) => setTimeout(done, 10))
    const bent = ${bent}
    fs.writeFileSync('seen', '')
    process.exit(bent ? 0 : 1)`
}

const head = "import fs from 'node:fs'; import net from 'node:net'\n"

describe.each(peopleHere)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeAll(() => {
    lab = makeBoxLab(uid)
  })
  afterAll(() => lab.remove())

  const write = (files: Readonly<Record<string, string>>): void => {
    const root = path.join(lab.dir, 'repo')
    for (const name of fs.readdirSync(root))
      if (name !== '.git') fs.rmSync(path.join(root, name), { recursive: true })
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
      fs.writeFileSync(path.join(root, name), text, { mode: 0o755 })
    }
    if (uid !== null)
      for (const name of fs.readdirSync(root, { recursive: true }))
        fs.chownSync(path.join(root, String(name)), uid, uid)
  }
  const run = (
    argv: readonly string[],
    steps?: boolean,
    sealed?: TreeRules,
    pins: readonly string[] = ['rules.json'],
  ): GateResult =>
    lab.run({
      ...(sealed === undefined ? {} : { sealed }),
      place: 'box',
      person: false,
      apart: true,
      command: command('gate', argv, {
        network: 'loopback',
        timeoutSeconds: 120,
        pins,
        ...(steps === undefined ? {} : { steps }),
      }),
    })

  describe('tests that want the next step to pass, by', () => {
    const lay = ({ unit, check }: (typeof attacks)[number]): void =>
      write({
        'package.json': JSON.stringify({
          name: 'p',
          scripts: { unit: 'node unit.mjs', check: 'node check.mjs' },
        }),
        'unit.mjs': head + unit,
        'check.mjs': head + check,
        'rules.json': 'all',
        'source.mjs': 'broken',
      })

    test.each(sampleOf(attacks, 2))('$name: held where the steps are apart', (attack) => {
      lay(attack)
      const result = run(['sh', '-c', 'npm run unit && npm run check'])
      expect(result).toMatchObject({
        of: 2,
        steps: [{ label: 'npm run unit', outcome: { kind: 'passed' } }, ...(attack.named ? [] : [{}])],
      })
      expect(result.outcome).toMatchObject(
        attack.named
          ? { cause: 'changed', changed: expect.arrayContaining([attack.named]) }
          : { kind: 'failed', exitCode: 1 },
      )
      // A file that starts processes may be a driver: then it is said, and check is held all the same.
      expect(result.mixed).toBe(attack.unit.includes('child_process') ? 'driver' : undefined)
    })

    test.each(sampleOf(attacks, 3, 2))('$name: not held in one process tree, which is said', (attack) => {
      lay(attack)
      expect(run(['sh', '-c', 'npm run unit && npm run check'], false)).toMatchObject({
        outcome: { kind: 'passed' },
        mixed: 'kept',
      })
    })

    test('the memory of the shell that waits: there is none that goes on', () => {
      const bend = `import os, re
pid = os.getppid()
try: areas = list(open(f'/proc/{pid}/maps'))
except OSError: areas = []
for line in areas:
    area, rights = line.split()[:2]
    if not rights.startswith('rw'): continue
    start, end = (int(part, 16) for part in area.split('-'))
    try:
        with open(f'/proc/{pid}/mem', 'r+b', 0) as memory:
            memory.seek(start)
            held = memory.read(end - start)
            for found in re.finditer(b'check.py', held):
                memory.seek(start + found.start())
                memory.write(b'bends.py')
    except OSError: pass
`
      const text = 'python3 unit.py && python3 check.py'
      const files = { 'unit.py': bend, 'check.py': 'raise SystemExit(1)', 'bends.py': '' }
      write(files)
      expect(run(['sh', '-c', text])).toMatchObject({
        outcome: { kind: 'failed', exitCode: 1 },
        steps: [{ outcome: { kind: 'passed' } }, { outcome: { exitCode: 1 } }],
      })
      write(files)
      // Whether it works depends on the kernel (Yama); that it might is what the word says.
      expect(run(['sh', '-c', text], false)).toMatchObject({ mixed: 'kept' })
    })
  })

  test('a part of a script has the environment that npm gives the script', () => {
    const tool =
      '#!/bin/sh\nenv | grep -v "^PATH=.*autoloop" | grep -vE "^(_|AUTOLOOP_GATE|PYTHONPYCACHEPREFIX|SHLVL)=" | sort > "$1"\n'
    const files = {
      'package.json': JSON.stringify({
        name: 'demo',
        version: '1.2.3',
        config: { a: 'b' },
        scripts: { pretest: 'show pre', test: 'A=1 show a && cd sub && show "../b c" "$0"' },
      }),
      'node_modules/.bin/show': tool,
      'sub/x': '',
    }
    const seen = (steps: boolean | undefined): readonly unknown[] => {
      write(files)
      const result = run(['npm', 'test', '--', 'x y'], steps)
      expect(result).toMatchObject({ outcome: { kind: 'passed' } })
      const root = path.join(lab.dir, 'repo')
      return [result.of, ...['pre', 'a', 'b c'].map((name) => fs.readFileSync(path.join(root, name), 'utf8'))]
    }
    const [of, ...apart] = seen(undefined)
    expect(of).toBe(3)
    expect(apart).toEqual(seen(false).slice(1))
    expect(apart[0]).toContain('npm_lifecycle_event=pretest\n')
    expect(apart[0]).toContain('npm_command=test\n')
  })

  test('what a step writes the next one finds, a makefile keeps its variables, and the first failure ends it', () => {
    write({
      Makefile: `export GREETING := hello\nOUT = dist/out\n.PHONY: check\ncheck:\n\t@mkdir dist && echo $$GREETING > $(OUT)\n\t@grep hello $(OUT)\n\t@exit 3; true\n`,
    })
    expect(run(['make', 'check'])).toMatchObject({ mixed: 'make' })
    write({
      Makefile: `export GREETING := hello\nOUT = dist/out\n.PHONY: check\ncheck:\n\t@mkdir dist && echo $$GREETING > $(OUT)\n\t@grep hello $(OUT)\n\t@grep bye $(OUT)\n\t@touch late\n`,
    })
    const result = run(['make', 'check'])
    expect(result).toMatchObject({ outcome: { kind: 'failed', exitCode: 2 }, of: 5 })
    expect(result.steps?.map(({ outcome }) => outcome.kind)).toEqual(['passed', 'passed', 'passed', 'failed'])
    expect(fs.existsSync(path.join(lab.dir, 'repo/late'))).toBe(false)
  })

  test('a program that is not there is named as that of the command', () => {
    write({ 'package.json': JSON.stringify({ scripts: { test: 'tsc && jest' } }) })
    const result = run(['/nowhere/npm', 'test'])
    expect(result).toMatchObject({ outcome: { kind: 'could-not-run', why: '/nowhere/npm does not exist' } })
  })

  describe('on a layer above the tree', () => {
    const rules: TreeRules = { definition: ['rules.json'], gateWrites: [] }
    const layers = path.join('state', 'layers')
    const begin = (): void => {
      write({ 'rules.json': 'all', 'a.txt': 'a' })
      fs.rmSync(path.join(lab.dir, 'repo/.git'), { recursive: true, force: true })
      const who = uid === null ? {} : { uid, gid: uid }
      const env = { PATH: '/usr/bin:/bin', HOME: path.join(lab.dir, 'user') }
      const made = spawnSync('git', ['init', '-q'], { cwd: path.join(lab.dir, 'repo'), env, ...who })
      expect(made.status).toBe(0)
    }

    test('what a step writes, removes and makes again goes on to the next, and nothing stays', () => {
      begin()
      const text =
        'mkdir -p out/deep && cp a.txt out/deep/x && rm -rf out && mkdir out && cp a.txt out/y && grep -q a out/y'
      expect(run(['sh', '-c', text], undefined, rules)).toMatchObject({
        outcome: { kind: 'passed' },
        of: 6,
        box: { seal: { kind: 'sealed', rewrote: [] } },
      })
      const gone = run(
        ['sh', '-c', 'mkdir out && cp a.txt out/x && rm -rf out && cat out/x'],
        undefined,
        rules,
      )
      expect(gone).toMatchObject({ outcome: { kind: 'failed', exitCode: 1 }, of: 4 })
      expect(gone.steps).toHaveLength(4)
      expect(fs.readdirSync(path.join(lab.dir, 'repo')).sort()).toEqual(['.git', 'a.txt', 'rules.json'])
      expect(fs.readdirSync(path.join(lab.dir, layers))).toEqual([])
    })

    test.each(
      sampleOf(
        [
          ['below a directory', 'rules', 'mkdir -p rules && cp a.txt rules/x && cat rules/x'],
          [
            'through a link',
            'conf/x.json',
            'mkdir out && cp a.txt out/x.json && ln -s "$PWD/out" conf && cat conf/x.json',
          ],
          [
            'in the last but one of many',
            'conf/x.json',
            'cat a.txt && mkdir conf && cp a.txt conf/x.json && cat a.txt && cat a.txt',
          ],
        ],
        3,
        1,
      ),
    )('a definition that was absent and that a step makes is named: %s', (_where, pin, text) => {
      begin()
      if (pin === 'rules') {
        write({ 'a.txt': 'a', 'rules.json': 'all', 'rules/first': 'a' })
        expect(run(['sh', '-c', 'cat a.txt && cat rules/first'], undefined, rules, [pin])).toMatchObject({
          outcome: { kind: 'passed' },
        })
      }
      const found = run(['sh', '-c', text], undefined, { ...rules, definition: [pin] }, [pin])
      expect(found).toMatchObject({ outcome: { kind: 'failed', cause: 'changed', changed: [pin] } })
    })

    test('a source is refused to a step, and a definition that was absent and is made is named', () => {
      begin()
      expect(run(['sh', '-c', 'cp rules.json a.txt && cat a.txt'], undefined, rules)).toMatchObject({
        outcome: { kind: 'failed', exitCode: 1 },
        steps: [{ outcome: { kind: 'failed' } }],
      })
      fs.rmSync(path.join(lab.dir, 'repo/rules.json'))
      expect(run(['sh', '-c', 'cp a.txt rules.json && cat rules.json'], undefined, rules)).toMatchObject({
        outcome: { kind: 'failed', cause: 'changed', changed: ['rules.json'] },
        of: 2,
      })
    })
  })
})
