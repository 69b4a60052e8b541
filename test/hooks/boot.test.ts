import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'boot-'))
  fs.copyFileSync('dist/hook.cjs', at('hook.cjs'))
  write('one')
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const at = (name: string): string => path.join(dir, name)
const cache = (): string => at('hook.judge.stop.cache')

/** A program that says a word and what it was given; all words of the same length, as V8 compares no more than that. */
function write(word: string): void {
  fs.writeFileSync(
    at('hook.judge.cjs'),
    `const said = () => ${JSON.stringify(word)} + ' ' + require('node:path').basename(__filename) + ' ' + process.argv[2] + '\\n'
process.stdout.write(said(), () => process.exit(process.env.CODE === undefined ? 0 : Number(process.env.CODE)))`,
  )
}

function start(env: Record<string, string> = {}): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(process.execPath, [at('hook.cjs'), 'stop'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  })
}

const one = { stdout: 'one hook.judge.cjs stop\n', stderr: '', status: 0 }

describe('the starter of the hook', () => {
  test('leaves a cache and starts from it', () => {
    expect(start()).toMatchObject(one)
    const { mtimeMs, ino } = fs.statSync(cache())
    expect(start()).toMatchObject(one)
    // Not written again: it was good.
    expect(fs.statSync(cache())).toMatchObject({ mtimeMs, ino })
    expect(fs.readdirSync(dir).sort()).toEqual(['hook.cjs', 'hook.judge.cjs', 'hook.judge.stop.cache'])
  })

  test('a program that was replaced by one of the same length is never run from the old cache', () => {
    start()
    write('two')
    expect(start().stdout).toBe('two hook.judge.cjs stop\n')
  })

  const damages: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    [
      'another bit at the end',
      (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]),
    ],
    ['another digest', (bytes) => Buffer.concat([Buffer.from('0'), bytes.subarray(1)])],
    ['no cache at all', () => Buffer.from('x'.repeat(5000))],
  ]
  test.each(damages)('a cache that is %s is passed over and made anew', (_name, damage) => {
    start()
    fs.writeFileSync(cache(), damage(fs.readFileSync(cache())))
    expect(start()).toMatchObject(one)
    const { mtimeMs, ino } = fs.statSync(cache())
    expect(start()).toMatchObject(one)
    expect(fs.statSync(cache())).toMatchObject({ mtimeMs, ino })
  })

  test('where no cache can be written it works all the same', () => {
    fs.mkdirSync(cache())
    expect(start()).toMatchObject(one)
    expect(fs.readdirSync(dir).sort()).toEqual(['hook.cjs', 'hook.judge.cjs', 'hook.judge.stop.cache'])
  })

  test('a program that failed leaves none', () => {
    expect(start({ CODE: '1' }).status).toBe(1)
    expect(fs.existsSync(cache())).toBe(false)
  })

  test('other events start the small program, which gets the engine when it asks for it', () => {
    fs.writeFileSync(at('hook.judge.cjs'), `exports.word = 'engine'`)
    fs.writeFileSync(
      at('hook.main.cjs'),
      `exports.run = () => {
  const engine = require('./engine.ts')
  process.stdout.write([engine.word, engine === require('./engine.ts'), typeof require('node:fs').statSync].join(' '))
}`,
    )
    const ran = (): string =>
      spawnSync(process.execPath, [at('hook.cjs'), 'user-prompt-submit'], { encoding: 'utf8' }).stdout
    expect([ran(), ran()]).toEqual(Array(2).fill('engine true function'))
    expect(fs.readdirSync(dir).sort()).toEqual([
      'hook.cjs',
      'hook.judge.cjs',
      'hook.judge.user-prompt-submit.cache',
      'hook.main.cjs',
      'hook.main.user-prompt-submit.cache',
    ])
  })

  test('the parsers are brought to whichever asks for them', () => {
    fs.writeFileSync(at('hook.formats.cjs'), `exports.word = 'formats'`)
    fs.writeFileSync(
      at('hook.judge.cjs'),
      `exports.run = () => process.stdout.write(require('./formats.ts').word)`,
    )
    expect(start().stdout).toBe('formats')
    expect(fs.existsSync(at('hook.formats.stop.cache'))).toBe(true)
  })
})
