import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { npmRegistry, ownPackage } from '../../projects/npm-registry.ts'
import type { Served } from '../../projects/served.ts'
import { type Texts, changes, said, secondLook } from './changes.ts'
import { long } from '../../rig/long.ts'

const one = (name: string, version = '1.0.0', more: object = {}) =>
  ownPackage({ name, version, ...more }, { 'index.js': '' })

let registry: Served
let dir: string
let was: Texts

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-npm-'))
  registry = await npmRegistry([
    one('runner', '1.0.0', {
      bin: { mocha: 'index.js' },
      dependencies: { shared: '^1.0.0', early: '^1.0.0' },
    }),
    one('shared'),
    one('early', '1.0.0'),
    one('early', '2.0.0'),
    one('honest', '1.0.0', {
      dependencies: { shared: '^1.0.0', early: '^2.0.0', deep: '^1.0.0' },
      bin: { honestly: 'index.js' },
    }),
    one('deep'),
    one('fork', '1.0.0', { bin: { mocha: 'index.js' } }),
    one('script', '1.0.0', { scripts: { postinstall: 'true' } }),
    one('plug-in', '1.0.0', { peerDependencies: { runner: '^1.0.0' } }),
  ])
  fs.writeFileSync(
    path.join(dir, '.npmrc'),
    `registry=http://127.0.0.1:${registry.port}/\ncache=${path.join(dir, '.cache')}\nupdate-notifier=false\n`,
  )
  fs.writeFileSync(
    path.join(dir, 'package.json'),
    '{"name":"demo","version":"1.0.0","devDependencies":{"runner":"^1.0.0"}}',
  )
  await npm('install')
  was = texts()
}, 120_000)

afterAll(async () => {
  await registry.close()
  fs.rmSync(dir, { recursive: true, force: true })
})

/** Not in one go: the registry is in this process. */
async function npm(...words: readonly string[]): Promise<void> {
  const only = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']
  await promisify(execFile)('npm', [...words, ...only], {
    cwd: dir,
    env: { ...process.env, npm_config_userconfig: '/dev/null' },
  })
}

function texts(): Texts {
  return Object.fromEntries(
    ['package.json', 'package-lock.json'].map((file) => [
      file,
      fs.readFileSync(path.join(dir, file), 'utf8'),
    ]),
  )
}

async function after(...words: readonly string[]): Promise<Texts> {
  for (const [file, text] of Object.entries(was)) fs.writeFileSync(path.join(dir, file), text)
  await npm('install', ...words)
  return texts()
}

test('what npm itself writes', async () => {
  const honest = await after('honest')
  expect(said(changes(was, honest)).sort()).toEqual([
    'package-lock.json: free deep@1.0.0 honest@1.0.0 early@2.0.0',
    'package.json: free honest@1.0.0',
  ])
  // What only the runner needed is everybody's now.
  expect(JSON.parse(was['package-lock.json'] ?? '')).toHaveProperty(
    ['packages', 'node_modules/shared', 'dev'],
    true,
  )
  expect(JSON.parse(honest['package-lock.json'] ?? '')).not.toHaveProperty([
    'packages',
    'node_modules/shared',
    'dev',
  ])
  expect(said(changes(was, await after('script'))).join()).toContain('install-script(script)')
  if (long) {
    expect(said(changes(was, await after('--save-dev', 'fork'))).join()).toContain('program(fork)')
    expect(said(changes(was, await after('--save-dev', 'plug-in'))).join()).toContain('plug-in(plug-in)')
    expect(said(changes(was, await after('other@npm:honest@1'))).join()).toContain('alias(other)')
    expect(said(changes(was, await after('early@2'))).join()).toContain('moved(early)')
  }

  // npm takes what goes back for the second look: of two additions the honest one.
  const second = secondLook(was, await after('honest', 'fork'))
  for (const [file, text] of Object.entries(second)) fs.writeFileSync(path.join(dir, file), text)
  await npm('ci')
  expect(texts()).toEqual(second)
  expect(
    Object.keys((JSON.parse(second['package.json'] ?? '') as { dependencies: object }).dependencies),
  ).toEqual(['honest'])
}, 300_000)
