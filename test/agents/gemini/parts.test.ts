import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { geminiAccount } from '../../../src/agents/gemini/account.ts'
import { chatsOf, homeOf, makeHome } from '../../../src/agents/gemini/home.ts'
import { withoutReferences } from '../../../src/agents/gemini/input.ts'
import { geminiReady } from '../../../src/agents/gemini/sign-in.ts'
import { turnSettings } from '../../../src/agents/gemini/turn-settings.ts'
import type { Role, TurnBase } from '../../../src/agents/agent.ts'

let dir: string
beforeEach(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-gemini-')))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))
const put = (file: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true })
  fs.writeFileSync(path.join(dir, file), text)
}

test('a word of the prompt that is a path in the workspace is kept from being attached', () => {
  put('src/a b.ts', '')
  const kept = (text: string): string => withoutReferences(text, dir)
  expect(kept('@src and (@src/), "@src/a\\ b.ts" x@src')).toBe(
    '\\@src and (\\@src/), "\\@src/a\\ b.ts" x\\@src',
  )
  for (const text of ['@Injectable()', 'a@example.org', '@', '\\@src', '@types/node', '@src2.'])
    expect(kept(text)).toBe(text)
})

test('what the person says of Gemini counts for a worker, and ours wins; for others it is who pays', () => {
  const person = {
    general: { maxAttempts: 9, vimMode: true },
    security: { auth: { selectedType: 'oauth-personal' } },
    mcpServers: { a: { command: 'a' } },
    model: { name: 'mine' },
    tools: { allowed: ['write_file'], sandbox: 'docker' },
  }
  const work = turnSettings(person, 'work', {})
  expect(work).toMatchObject({
    general: { maxAttempts: 1, vimMode: true },
    mcpServers: person.mcpServers,
    model: { name: 'mine', maxSessionTurns: -1 },
    security: { auth: { selectedType: 'oauth-personal' }, environmentVariableRedaction: { enabled: true } },
    tools: { sandbox: false },
  })
  const review = turnSettings(person, 'review', {})
  expect(review['mcpServers']).toBeUndefined()
  expect(review).toMatchObject({
    model: { name: 'mine' },
    security: { auth: { selectedType: 'oauth-personal' } },
    hooksConfig: { enabled: false },
  })
  expect(review['tools']).toEqual({ sandbox: false, core: expect.any(Array) })
})

test('a key signs in where the person never said how, wherever the service is', () => {
  const type = (vars: Record<string, string>): unknown => turnSettings({}, 'work', vars)['security']
  expect(type({ GEMINI_API_KEY: 'k' })).toMatchObject({ auth: { selectedType: 'gemini-api-key' } })
  for (const vars of [{}, { GEMINI_API_KEY: 'k', GOOGLE_GENAI_USE_VERTEXAI: 'true' }])
    expect(type(vars)).not.toHaveProperty('auth')
})

const turnOf = (role: Role): TurnBase =>
  ({ role, scratch: path.join(dir, 'scratch'), workspace: path.join(dir, 'work') }) as TurnBase

test('a home is new for each turn but for its conversations, and nothing that an agent put there leads elsewhere', () => {
  const config = path.join(dir, 'person/.gemini')
  for (const [name, text] of Object.entries({
    'oauth_creds.json': 'token',
    'GEMINI.md': 'mine',
    'settings.json': '{}',
    'tmp/other/chats/x': '',
    'policies/a.toml': '',
  }))
    put(`person/.gemini/${name}`, text)
  const turn = turnOf('work')
  const made = (role: Role): readonly string[] => {
    expect(makeHome({ bin: '', config, model: null }, turnOf(role), {})).toEqual({ ok: true, value: null })
    return fs.readdirSync(path.join(homeOf(turn), '.gemini')).sort()
  }
  const ours = ['projects.json', 'settings.json', 'tmp']
  expect(made('work')).toEqual(['GEMINI.md', 'oauth_creds.json', 'policies', ...ours].sort())
  expect(made('review')).toEqual(['oauth_creds.json', ...ours].sort())
  fs.mkdirSync(chatsOf(turn), { recursive: true })
  fs.writeFileSync(path.join(chatsOf(turn), 'one'), '')
  fs.writeFileSync(path.join(homeOf(turn), '.gemini/hooks.json'), '')
  expect(made('review')).not.toContain('hooks.json')
  expect(fs.readdirSync(chatsOf(turn))).toEqual(['one'])
  put('elsewhere/settings.json', 'theirs')
  put('elsewhere/work/.project_root', 'theirs')
  for (const led of [
    homeOf(turn),
    path.join(homeOf(turn), '.gemini'),
    path.join(homeOf(turn), '.gemini/tmp'),
  ]) {
    fs.rmSync(led, { recursive: true })
    fs.symlinkSync(path.join(dir, 'elsewhere'), led)
    made('work')
    expect(fs.readdirSync(path.join(dir, 'elsewhere')).sort()).toEqual(['settings.json', 'work'])
    expect(fs.existsSync(path.join(dir, 'elsewhere/work/.project_root'))).toBe(true)
  }
})

test('a sign-in is asked for before a batch, and says who pays', () => {
  const config = path.join(dir, '.gemini')
  const ready = (vars: Record<string, string> = {}): string => {
    const one = geminiReady(config, vars)
    return one.ok ? 'ready' : one.error.code
  }
  expect(ready()).toBe('agent-signed-out')
  expect(ready({ GEMINI_API_KEY: 'k' })).toBe('ready')
  put('.gemini/settings.json', '{"security": {"auth": {"selectedType": "oauth-personal"}}}')
  expect(ready()).toBe('ready')
  expect(geminiAccount(config, {})).toBe(config)
  put('.gemini/google_accounts.json', '{"active": "a@example.org", "old": []}')
  expect(geminiAccount(config, {})).toBe('a@example.org')
  expect(geminiAccount(config, { GEMINI_API_KEY: 'k' })).toBe('k')
  put('.gemini/settings.json', '[]')
  expect(ready({ GEMINI_API_KEY: 'k' })).toBe('agent-unusable')
})
