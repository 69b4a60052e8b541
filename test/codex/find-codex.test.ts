import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Env } from '../../src/base/env.ts'
import { codexVersion, findCodex, nativeOf, workspaceOf } from '../../src/codex/find-codex.ts'
import { codexBinary, currentCodex, oldestCodex } from '../rig/binaries.ts'
import { projectRoot } from '../rig/root.ts'

let dir = ''
beforeAll(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'find-codex-')))
})
afterAll(() => fs.rmSync(dir, { recursive: true }))

const env = (vars: Record<string, string>, more: Partial<Env> = {}): Env => ({
  vars,
  cwd: '/',
  codexHome: '/nowhere',
  home: '/nowhere/autoloop',
  tmpDir: '/nowhere/tmp',
  uid: 0,
  ...more,
})

/** A directory of its own below dir with a program in it. */
function program(name: string, text: string, file = 'codex'): string {
  const at = path.join(dir, name, file)
  fs.mkdirSync(path.dirname(at), { recursive: true })
  fs.writeFileSync(at, text, { mode: 0o755 })
  return at
}

describe('findCodex', () => {
  const launcherOf = (name: string) => path.join(projectRoot, 'node_modules', name, 'bin/codex.js')

  test.each([
    [launcherOf('@openai/codex'), currentCodex],
    [launcherOf('codex-0.169'), oldestCodex],
  ])('goes from the npm launcher %s to the native binary', (launcher, version) => {
    expect(nativeOf(launcher)).toBe(codexBinary(version))
    const found = findCodex(env({ AUTOLOOP_CODEX: launcher }))
    expect(found).toEqual({
      ok: true,
      value: { path: launcher, native: codexBinary(version), version: `${version}.0` },
    })
  })

  test('finds it on PATH through a link, passing over directories without it', () => {
    const bin = path.join(projectRoot, 'node_modules/.bin')
    const found = findCodex(env({ PATH: `relative::/nonexistent:${bin}` }), null)
    expect(found).toMatchObject({
      ok: true,
      value: { path: path.join(bin, 'codex'), native: codexBinary() },
    })
  })

  test('passes over the workspace and the temp directory, also through links', () => {
    const inside = program('repo/bin', '#!/bin/sh\necho codex-cli 9.9.9\n')
    fs.mkdirSync(path.join(dir, 'outside'))
    fs.symlinkSync(inside, path.join(dir, 'outside/codex'))
    const PATH = `${path.dirname(inside)}:${path.join(dir, 'outside')}`
    const repo = path.join(dir, 'repo')
    expect(findCodex(env({ PATH }), repo)).toMatchObject({
      ok: false,
      error: { code: 'codex-missing', data: { passedOver: [inside, path.join(dir, 'outside/codex')] } },
    })
    expect(findCodex(env({ PATH }, { tmpDir: dir }), null)).toMatchObject({
      error: { code: 'codex-missing' },
    })
  })

  test.each([
    [{}, 'codex-missing'],
    [{ PATH: '/nonexistent' }, 'codex-missing'],
    [{ PATH: '/nonexistent', AUTOLOOP_CODEX: 'codex' }, 'codex-missing'],
    [{ PATH: '/nonexistent', AUTOLOOP_CODEX: '/nonexistent/codex' }, 'codex-missing'],
  ])('%j is %s, with a fix', (vars, code) => {
    const found = findCodex(env(vars))
    expect(found).toMatchObject({ ok: false, error: { code, fix: expect.stringMatching(/codex/) } })
  })

  test.each([
    ['exits', '#!/bin/sh\necho broken >&2; exit 3\n', /exited with 3: broken/],
    ['is another program', '#!/bin/sh\necho something 1.2.3\n', /does not work/],
    ['cannot be started', 'no interpreter line \0', /does not work/],
  ])('a codex that %s is unusable', (name, text, words) => {
    const file = program(name, text)
    expect(findCodex(env({ AUTOLOOP_CODEX: file }))).toMatchObject({
      ok: false,
      error: { code: 'codex-unusable', message: expect.stringMatching(words) },
    })
  })

  test.each([
    ['0.125.0', false],
    ['0.168.9', false],
    ['0.169.0-alpha.3', true],
    ['0.171.0', true],
    ['1.0.0', true],
    // What a build from source calls itself.
    ['0.0.0', true],
  ])('version %s is taken: %p', (version, taken) => {
    const found = findCodex(
      env({ AUTOLOOP_CODEX: program(`v${version}`, `#!/bin/sh\necho codex-cli ${version}\n`) }),
    )
    expect(found).toMatchObject(
      taken
        ? { ok: true, value: { version } }
        : {
            ok: false,
            error: {
              code: 'codex-too-old',
              message: expect.stringContaining(`${oldestCodex} is the oldest`),
              fix: 'npm install -g @openai/codex@latest',
            },
          },
    )
  })

  test('codexVersion of nothing is codex-missing', () => {
    expect(codexVersion(path.join(dir, 'none'))).toMatchObject({
      ok: false,
      error: { code: 'codex-missing' },
    })
  })
})

test('workspaceOf is the repository around a directory, never the home or the disk', () => {
  fs.mkdirSync(path.join(dir, 'work/.git'), { recursive: true })
  fs.mkdirSync(path.join(dir, 'work/a/b'), { recursive: true })
  expect(workspaceOf(path.join(dir, 'work/a/b'))).toBe(path.join(dir, 'work'))
  expect(workspaceOf(path.join(dir, 'work'))).toBe(path.join(dir, 'work'))
  expect(workspaceOf('/')).toBe(null)
  expect(workspaceOf(os.homedir())).toBe(null)
})
