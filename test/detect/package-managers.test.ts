import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parseManager } from '../../src/definition/node/manager.ts'
import { PACKAGE_MANAGERS, managers, shortcutOf } from '../../src/definition/node/managers.ts'
import { choosePackageManager } from '../../src/detect/package-manager.ts'
import { changed, command } from '../definition/workspace.ts'

let root: string
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'managers-'))
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const packageJson = (body: string): string => JSON.stringify({ scripts: { test: body } })

describe.each(PACKAGE_MANAGERS)('%s, as every package manager of the table,', (name) => {
  const { aliases, executors, lockfiles, settings } = managers[name]

  test('runs scripts by its name and its other names', () => {
    for (const program of [name, ...aliases])
      expect(parseManager([program, 'run', 'test'])).toMatchObject({ manager: name, scripts: ['test'] })
    expect(shortcutOf(`${name}:test`)).toBe('test')
  })

  test('starts tools', () => {
    for (const start of [[name, 'exec'], ...executors.map((one) => [one])])
      expect(parseManager([...start, 'jest', '--ci'])).toMatchObject({
        manager: name,
        tool: ['jest', '--ci'],
      })
  })

  test.each(lockfiles)('is found by %s, by packageManager, by name', (lockfile) => {
    fs.writeFileSync(path.join(root, lockfile), '')
    expect(choosePackageManager(root, {}, undefined)).toEqual({ ok: true, value: { name, reason: lockfile } })
    expect(choosePackageManager(root, { packageManager: `${name}@1.2.3` }, undefined)).toMatchObject({
      value: { name },
    })
    expect(choosePackageManager(root, {}, name)).toMatchObject({ value: { name } })
  })

  test('has its scripts and its settings pinned', () => {
    const files = { 'package.json': packageJson('jest') }
    const run = [command([name, 'run', 'test'])]
    expect(changed(files, run, { 'package.json': packageJson('true') })).toMatchObject([
      { file: 'package.json', before: 'jest', after: 'true' },
    ])
    for (const setting of settings)
      expect(changed(files, run, { [setting]: 'x' })).toMatchObject([{ file: setting, before: null }])
  })

  test('shadows no program of the system with its own name', () => {
    const files = { 'package.json': packageJson('jest'), 'node_modules/.bin/x': '' }
    for (const program of [name, ...executors])
      expect(
        changed(files, [command([name, 'run', 'test'])], { [`node_modules/.bin/${program}`]: 'x' }),
      ).toMatchObject([{ file: `node_modules/.bin/${program}`, before: null }])
  })
})
