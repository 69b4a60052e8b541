import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { claudeVariables, credentialsIn } from '../../../src/agents/claude/environment.ts'
import { findClaudeBinary } from '../../../src/agents/claude/find-binary.ts'
import { claudeAccount, claudeReady, trustsProject } from '../../../src/agents/claude/sign-in.ts'
import { providerOf } from '../../../src/supervisor/effects/providers.ts'
import { readEnv } from '../../../src/base/env.ts'
import { withClaude } from '../../rig/claude.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-ready-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const put = (file: string, value: object): void =>
  fs.writeFileSync(path.join(dir, file), JSON.stringify(value))

test('the binary: what the config names, then CLAUDE_BIN, then the approved PATH, then where its installer puts it', () => {
  const program = (name: string): string => {
    const file = path.join(dir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, '', { mode: 0o755 })
    return file
  }
  const [bin, named, onPath, known] = ['one', 'two', 'bin/claude', '.local/bin/claude'].map(program)
  const vars = { HOME: dir }
  const all = { bin, vars: { ...vars, CLAUDE_BIN: named }, gatePath: `relative:${path.join(dir, 'bin')}` }
  const found = (more: object): unknown => {
    const one = findClaudeBinary({ ...all, ...more })
    return one.ok ? one.value : one.error.code
  }
  expect(found({})).toBe(bin)
  expect(found({ bin: undefined })).toBe(named)
  expect(found({ bin: undefined, vars })).toBe(onPath)
  expect(found({ bin: undefined, vars, gatePath: '/nowhere' })).toBe(known)
  expect(found({ bin: undefined, vars: { HOME: '/nowhere' }, gatePath: '' })).toBe('agent-unusable')
  expect(found({ bin: './one' })).toBe('agent-unusable')
  expect(found({ bin: path.join(dir, 'gone') })).toBe('agent-unusable')
})

test('who pays and where the service is are handed on, and nothing else that is Claude Code’s', () => {
  const vars = {
    ANTHROPIC_API_KEY: 'key',
    CLAUDE_CODE_OAUTH_TOKEN: 'token',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    ANTHROPIC_MODEL: 'stray',
    ANTHROPIC_SMALL_FAST_MODEL: 'stray',
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    CLAUDE_CODE_MAX_RETRIES: '3',
    CLAUDE_CONFIG_DIR: '',
  }
  expect(credentialsIn(vars)).toEqual({ ANTHROPIC_API_KEY: 'key', CLAUDE_CODE_OAUTH_TOKEN: 'token' })
  expect(claudeVariables(vars)).toEqual({
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    CLAUDE_CODE_MAX_RETRIES: '3',
    CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_TELEMETRY: '1',
  })
})

test('whoever pays is one account on this machine, and its name tells nothing', () => {
  put('.claude.json', { oauthAccount: { accountUuid: 'account' } })
  const named = { CLAUDE_CONFIG_DIR: dir }
  expect(claudeAccount({ ...named, ANTHROPIC_API_KEY: 'key' })).toBe('key')
  expect(claudeAccount({ ...named, CLAUDE_CODE_OAUTH_TOKEN: 'token' })).toBe('token')
  expect(claudeAccount(named)).toBe('account')
  expect(claudeAccount({ HOME: dir })).toBe('account')
  expect(claudeAccount({ HOME: '/nowhere' })).toBe('/nowhere/.claude')
  const provider = providerOf(
    'mine',
    { adapter: 'claude' },
    { env: { ...readEnv(), vars: { ...named, ANTHROPIC_API_KEY: 'key' } } },
  )
  expect(provider).toMatch(/^claude-[0-9a-f]{16}$/)
})

test('a project is trusted where the person said so of it, or of a directory around it', () => {
  const yes = { hasTrustDialogAccepted: true }
  put('.claude.json', { projects: { '/a/b': yes, '/c': { hasTrustDialogAccepted: false } } })
  const trusts = (top: string): boolean => trustsProject({ CLAUDE_CONFIG_DIR: dir }, top)
  expect(['/a/b', '/a/b/c', '/a', '/c'].map(trusts)).toEqual([true, true, false, false])
  fs.writeFileSync(path.join(dir, '.claude.json'), 'broken')
  expect(trusts('/a/b')).toBe(false)
})

withClaude((bin) => {
  test('a sign-in is asked for before anything begins', () => {
    const code = (vars: Readonly<Record<string, string>>, program = bin): string => {
      const ready = claudeReady(program, {
        HOME: dir,
        CLAUDE_CONFIG_DIR: dir,
        PATH: '/usr/bin:/bin',
        ...vars,
      })
      return ready.ok ? 'ready' : ready.error.code
    }
    expect(code({})).toBe('agent-signed-out')
    expect(code({ ANTHROPIC_API_KEY: 'made-up' })).toBe('ready')
    expect(code({ CLAUDE_CODE_OAUTH_TOKEN: 'made-up' })).toBe('ready')
    put('.credentials.json', {
      claudeAiOauth: { accessToken: 'a', refreshToken: 'r', expiresAt: 1, scopes: ['user:inference'] },
    })
    expect(code({})).toBe('ready')
    expect(code({}, '/bin/true')).toBe('agent-unusable')
    expect(code({}, path.join(dir, 'gone'))).toBe('agent-unusable')
  })
})
