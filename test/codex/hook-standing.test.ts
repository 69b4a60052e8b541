import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ok } from '../../src/base/result.ts'
import { withAppServer } from '../../src/codex/app-server.ts'
import { type HookState, hookStandings } from '../../src/codex/hook-standing.ts'
import { hookTrust, listHooks, trustHooks } from '../../src/codex/trust.ts'
import { type Lab, codexVersions, currentCodex, inOrder, message, withLab } from '../rig/codex.ts'
import { long, sampleOf } from '../rig/long.ts'

const command = `cat > '/dev/null' && echo "é ☃" \t<&-`
const ours = { type: 'command', command, timeout: 60, statusMessage: 'checking' }
const foreign = { type: 'command', command: 'true' }
const commands = new Map<string, string>([
  ['Stop', command],
  ['SessionStart', command],
  ['UserPromptSubmit', command],
  ['PostToolUse', command],
  ['SubagentStart', command],
  ['SubagentStop', command],
])

/** hooks.json with these groups at Stop; at the other events ours alone. */
function hooksJson(stop: readonly unknown[], more: object = {}): string {
  const one = [{ hooks: [ours] }]
  const hooks = {
    SessionStart: [{ matcher: 'startup|resume', hooks: [ours] }],
    UserPromptSubmit: [{ matcher: 'ignored', hooks: [ours] }],
    PostToolUse: [{ matcher: '^update_plan$', hooks: [{ ...ours, additionalContextLimit: 7 }] }],
    SubagentStart: one,
    SubagentStop: one,
    Stop: stop,
  }
  return JSON.stringify({ hooks, ...more })
}

const plain = [{ hooks: [ours], autonomousLoop: 1 }]
const key = (lab: Lab, place = '0:0') => `${lab.codexHome}/hooks.json:stop:${place}`

interface Case {
  readonly name: string
  /** What is done after `plain` was trusted whole. */
  readonly change: (lab: Lab) => void
  readonly stop: HookState
}

const setHooks = (lab: Lab, text: string) => fs.writeFileSync(path.join(lab.codexHome, 'hooks.json'), text)
const setStop = (stop: readonly unknown[]) => (lab: Lab) => setHooks(lab, hooksJson(stop))
function setConfig(lab: Lab, change: (text: string) => string): void {
  const file = path.join(lab.codexHome, 'config.toml')
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
}
const switchOff = (lab: Lab) =>
  setConfig(lab, (text) => text.replace(`[hooks.state."${key(lab)}"]`, '$&\nenabled = false'))

const cases: readonly Case[] = [
  { name: 'as it was trusted', change: () => undefined, stop: 'trusted' },
  { name: 'a group in front', change: setStop([{ hooks: [foreign] }, ...plain]), stop: 'untrusted' },
  { name: 'an empty group in front', change: setStop([{ hooks: [] }, ...plain]), stop: 'untrusted' },
  { name: 'a group behind', change: setStop([...plain, { hooks: [foreign] }]), stop: 'trusted' },
  { name: 'a handler in front', change: setStop([{ hooks: [foreign, ours] }]), stop: 'untrusted' },
  { name: 'a handler behind', change: setStop([{ hooks: [ours, foreign] }]), stop: 'trusted' },
  { name: 'a second copy of ours', change: setStop([{ hooks: [ours, ours] }]), stop: 'trusted' },
  { name: 'another timeout', change: setStop([{ hooks: [{ ...ours, timeout: 61 }] }]), stop: 'modified' },
  {
    name: 'a default that is written out',
    change: setStop([{ hooks: [{ ...ours, async: false }] }]),
    stop: 'trusted',
  },
  {
    name: 'another message',
    change: setStop([{ hooks: [{ ...ours, statusMessage: null }] }]),
    stop: 'modified',
  },
  {
    name: 'a matcher, which a stop ignores',
    change: setStop([{ matcher: 'x', hooks: [ours] }]),
    stop: 'trusted',
  },
  { name: 'deleted', change: setStop([]), stop: 'missing' },
  {
    name: 'another command',
    change: setStop([{ hooks: [{ ...ours, command: `${command} ` }] }]),
    stop: 'missing',
  },
  { name: 'no file', change: (lab) => fs.rmSync(path.join(lab.codexHome, 'hooks.json')), stop: 'missing' },
  { name: 'switched off', change: switchOff, stop: 'disabled' },
  {
    name: 'switched off in a line',
    change: (lab) =>
      setConfig(lab, (text) => {
        const [before = '', hash = ''] = text.split(`[hooks.state."${key(lab)}"]\ntrusted_hash = `)
        const [own, ...rest] = hash.split('\n')
        return `${before}${rest.join('\n')}\n[hooks.state]\n'${key(lab)}' = { enabled = false, trusted_hash = ${own} }\n`
      }),
    stop: 'disabled',
  },
  {
    name: 'trust taken back',
    change: (lab) => setConfig(lab, (text) => text.slice(0, text.indexOf('[hooks.state'))),
    stop: 'untrusted',
  },
  {
    name: 'hooks off',
    change: (lab) => setConfig(lab, (text) => text.replace('hooks = true', 'hooks = false')),
    stop: 'off',
  },
  {
    name: 'a key that Codex refuses',
    change: (lab) => setHooks(lab, hooksJson(plain, { x: 1 })),
    stop: 'unreadable',
  },
  { name: 'a comment', change: (lab) => setHooks(lab, `${hooksJson(plain)} // mine`), stop: 'unreadable' },
  {
    name: 'hooks.json behind a link',
    change: (lab) => {
      fs.renameSync(path.join(lab.codexHome, 'hooks.json'), path.join(lab.dir, 'elsewhere.json'))
      fs.symlinkSync(path.join(lab.dir, 'elsewhere.json'), path.join(lab.codexHome, 'hooks.json'))
    },
    stop: 'trusted',
  },
]

function look(lab: Lab): Map<string, HookState> {
  const text = (name: string) => {
    const file = path.join(lab.codexHome, name)
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null
  }
  const hooksFile = path.join(lab.codexHome, 'hooks.json')
  const files = { hooksFile, hooks: text('hooks.json'), config: text('config.toml'), managed: false }
  const found = hookStandings(files, commands)
  if (!found.ok) throw new Error(found.error.message)
  return new Map([...found.value].map(([event, { state }]) => [event, state]))
}

// One app server for each case: it reads config.toml when it starts.
async function codexSays(lab: Lab, trust = false): Promise<Map<string, string>> {
  const env = {
    vars: lab.env(),
    cwd: lab.repo,
    codexHome: lab.codexHome,
    home: path.join(lab.codexHome, 'autoloop'),
    tmpDir: '/tmp',
    uid: process.getuid?.() ?? 0,
  }
  const wanted = [...commands].map(([event, each]) => ({ event, command: each }))
  const said = await withAppServer(lab.codexPath, env, async (server) => {
    const listed = await listHooks(server, [lab.repo])
    const [listing] = listed.ok ? listed.value : []
    if (!listing) throw new Error('nothing listed')
    if (trust) await trustHooks(server, listing.hooks)
    const states = hookTrust(listing, path.join(lab.codexHome, 'hooks.json'), wanted)
    return ok(new Map(states.map(({ event, state }) => [event, state])))
  })
  if (!said.ok) throw new Error(said.error.message)
  return said.value
}

describe.each(long ? codexVersions : [currentCodex])('the files say what codex %s says', (version) => {
  test('of all our events, before trust and after; and of Stop after each change', async () => {
    await withLab({ version, script: inOrder([message('Done.')]), hooks: hooksJson(plain) }, async (lab) => {
      expect([...look(lab).values()]).toEqual(commands.size === 6 ? Array(6).fill('untrusted') : [])
      await codexSays(lab, true)
      expect([...look(lab)]).toEqual([...(await codexSays(lab))])
      expect(new Set(look(lab).values())).toEqual(new Set(['trusted']))

      const saved = ['hooks.json', 'config.toml'].map((name) => {
        const file = path.join(lab.codexHome, name)
        return [file, fs.readFileSync(file)] as const
      })
      for (const { name, change, stop } of sampleOf(cases, 2, 1)) {
        for (const [file, bytes] of saved) {
          fs.rmSync(file, { force: true })
          fs.writeFileSync(file, bytes)
        }
        change(lab)
        const said = (await codexSays(lab)).get('Stop')
        // Where Codex drops the file or the feature, it lists nothing.
        const expected = stop === 'off' || stop === 'unreadable' ? 'missing' : stop
        expect([name, look(lab).get('Stop'), said]).toEqual([name, stop, expected])
      }
    })
  }, 180_000)
})

test('managed hooks count as trusted, whatever else the files say', () => {
  const files = {
    hooksFile: '/h/hooks.json',
    hooks: null,
    config: '[features]\nhooks = false\n',
    managed: true,
  }
  const found = hookStandings(files, commands)
  expect(found.ok && found.value.get('Stop')).toEqual({ state: 'managed', key: null })
})
