import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { realContext } from '../../src/records/context.ts'
import { saveApproval } from '../../src/records/approvals.ts'
import { writeMarker } from '../../src/ledger/markers.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { doctorDoc } from '../../src/cli/render/doctor.ts'
import { printDoc } from '../../src/cli/render/doc.ts'
import { runDoctor } from '../../src/doctor/doctor.ts'
import { shimPath } from '../../src/setup/shim.ts'
import { type Place, boot, good, makePlace, removePlace, snapshot, withPlace } from '../setup/rig.ts'
import { long, sampleOf } from '../rig/long.ts'

const config = JSON.stringify({
  version: 1,
  commands: { test: ['true'] },
  gateProfiles: { fast: [], default: ['test'], final: ['test'] },
})

/** One bootstrap serves all, because it is dear: what it made is copied back before each test, to the same place. */
let shared: Place
let kept = ''
beforeAll(async () => {
  shared = makePlace()
  good(await boot(shared, { trust: true }))
  install(shared, config)
  approve(shared, config)
  kept = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-doctor-'))
  execFileSync('cp', ['-a', `${shared.dir}/.`, kept])
})
afterAll(() => {
  removePlace(shared)
  fs.rmSync(kept, { recursive: true })
})

/** A place that is set up and has nothing to mend. */
async function withHealthy(use: (place: Place) => Promise<void>): Promise<void> {
  removePlace(shared)
  fs.mkdirSync(shared.dir)
  execFileSync('cp', ['-a', `${kept}/.`, shared.dir])
  await use(shared)
}

function install(place: Place, text: string): string {
  const file = path.join(place.repo, '.codex', 'autoloop.project.json')
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
  return file
}

function approve(place: Place, text: string, gatePath = '/usr/bin'): void {
  const file = fs.realpathSync(path.join(place.repo, '.codex', 'autoloop.project.json'))
  saveApproval(place.home, { v: 1, path: file, sha256: sha256(text), text, gatePath, at: 1 })
}

const doctor = (place: Place, vars: Record<string, string> = {}) =>
  runDoctor(realContext({ ...place.env, vars: { ...place.env.vars, ...vars } }), place.repo)

const failing = (answer: Awaited<ReturnType<typeof runDoctor>>) =>
  Object.entries(answer.checks).flatMap(([name, check]) => (check.ok || check.advisory ? [] : [name]))

test('a machine that is set up has nothing to mend, and is only looked at', async () => {
  await withHealthy(async (place) => {
    const before = snapshot(place.dir)
    const answer = await doctor(place)
    expect(failing(answer)).toEqual([])
    expect(answer.ok).toBe(true)
    expect(Object.keys(answer.checks).sort()).toEqual(
      [
        'active_goal',
        'approval',
        'batches',
        'claude_hooks',
        'clean_room',
        'prepare_programs',
        'cli_on_path',
        'codex_version_drift',
        'competing_stop_hooks',
        'duplicate_repo_hashes',
        'enforced',
        'gate_box',
        'gate_sandbox',
        'global_hooks',
        'global_skill',
        'hook_shim',
        'machine_config',
        'nested_codex',
        'one_hooks_file',
        'open_runs',
        'plan_tool',
        'project_trust',
        'repo_hooks',
        'repo_install',
        'running_codex',
        'runtime_hygiene',
      ].sort(),
    )
    expect(answer.checks['gate_sandbox']).toEqual({ ok: true })
    expect(answer.checks['gate_box']).toEqual({ ok: true, rung: 'box', not_held: [], not_tried: [] })
    const after = snapshot(place.dir)
    expect(
      Object.keys(after).filter(
        // Where the trials of sandbox and box take place; the layers themselves are gone.
        (file) => after[file] !== before[file] && !/\/(?:sandbox-home(?:\/|$)|layers$)/.test(file),
      ),
    ).toEqual([])
  })
})

test('a config that wants clean rooms is told whether this machine makes them', async () => {
  await withHealthy(async (place) => {
    expect((await doctor(place)).checks['clean_room']).toMatchObject({ ok: true, skipped: true })
    const wanted = JSON.stringify({
      version: 2,
      commands: { test: ['true'] },
      gateProfiles: { fast: [], default: ['test'], final: ['test'] },
      policy: { verify: 'clean-room' },
    })
    install(place, wanted)
    approve(place, wanted)
    expect((await doctor(place)).checks['clean_room']).toEqual({ ok: true })
    const layers = path.join(place.home, 'layers')
    fs.rmSync(layers, { recursive: true, force: true })
    fs.writeFileSync(layers, '')
    const without = await doctor(place)
    expect(without.ok).toBe(false)
    expect(without.checks['clean_room']).toMatchObject({
      ok: false,
      error_code: 'room-refused',
      reason: expect.stringContaining(`this machine makes none: ${layers} cannot be written`) as unknown,
    })
  })
})

if (long)
  test('a program that prepares the clean room and is missing is named, but not one that an earlier step makes', async () => {
    await withHealthy(async (place) => {
      const wanted = (argv: readonly string[]): string =>
        JSON.stringify({
          version: 2,
          commands: { test: ['true'] },
          gateProfiles: { fast: [], default: ['test'], final: ['test'] },
          prepare: [{ argv: ['true'] }, { argv }],
          policy: { verify: 'clean-room' },
        })
      const checked = async (argv: readonly string[]) => {
        install(place, wanted(argv))
        approve(place, wanted(argv))
        return (await doctor(place)).checks['prepare_programs']
      }
      expect(await checked(['.venv/bin/python', '-m', 'pip'])).toEqual({ ok: true })
      expect(await checked(['no-such-installer', 'sync'])).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/cannot be prepared: prepare\[1\]: .*no-such-installer/) as unknown,
        steps: ['prepare[1]'],
      })
    })
  })

if (long)
  test('rooms that nobody will use are named, with what removes them', async () => {
    await withHealthy(async (place) => {
      const room = path.join(place.home, 'rooms', '1-12345-0123456789ab')
      fs.mkdirSync(room, { recursive: true })
      const answer = await doctor(place)
      expect(answer.ok).toBe(true)
      expect(answer.checks['runtime_hygiene']).toMatchObject({
        ok: false,
        remediation: 'autonomous-loop tidy',
        rooms: 1,
        removable: ['rooms/1-12345-0123456789ab'],
      })
      expect(fs.existsSync(room)).toBe(true)
    })
  })

test('before bootstrap everything about the machine fails, and one command mends it', async () => {
  await withPlace(async (place) => {
    const answer = await doctor(place)
    expect(answer.ok).toBe(false)
    for (const name of [
      'cli_on_path',
      'machine_config',
      'global_skill',
      'global_hooks',
      'hook_shim',
      'enforced',
    ])
      expect(answer.checks[name]).toMatchObject({
        ok: false,
        remediation: expect.stringContaining('autonomous-loop bootstrap') as unknown,
      })
  })
})

if (long)
  test('in a directory that is no repository its checks are skipped, not called right', async () => {
    await withHealthy(async (place) => {
      fs.rmSync(path.join(place.repo, '.codex'), { recursive: true })
      fs.rmSync(path.join(place.repo, '.git'), { recursive: true, force: true })
      const answer = await doctor(place)
      expect(answer.ok).toBe(true)
      for (const name of ['repo_install', 'repo_hooks', 'approval', 'duplicate_repo_hashes', 'nested_codex'])
        expect(answer.checks[name]).toMatchObject({
          skipped: true,
          reason: `${place.repo} is not a repository`,
        })
      const text = printDoc(doctorDoc(answer), false)
      expect(text).toMatch(/^skip\s+repo_install/m)
      expect(text).toContain('8 checks were skipped')
    })
  })

describe('one thing broken', () => {
  const shim = (place: Place) => shimPath(place.home)
  const hooksFile = (place: Place) => path.join(place.codexHome, 'hooks.json')
  const session = '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee'
  const codexConfig = (place: Place, change: (text: string) => string) => {
    const file = path.join(place.codexHome, 'config.toml')
    fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
  }

  const cases: [string, string[], string, (place: Place) => void][] = [
    [
      'untrusted hooks',
      ['enforced'],
      'autonomous-loop bootstrap --trust',
      (p) => codexConfig(p, (text) => text.replaceAll(/trusted_hash = .*/g, '')),
    ],
    [
      'hooks switched off as a whole',
      ['enforced'],
      'codex features enable hooks',
      (p) => codexConfig(p, (text) => text.replace('hooks = true', 'hooks = false')),
    ],
    [
      'a hook that the person disabled',
      ['enforced'],
      '/hooks',
      (p) =>
        codexConfig(p, (text) => text.replace(/(\[hooks\.state\..*:stop:0:0"\]\n)/, '$1enabled = false\n')),
    ],
    [
      'a hooks.json without ours',
      ['global_hooks', 'enforced'],
      'autonomous-loop bootstrap --trust',
      (p) => fs.writeFileSync(hooksFile(p), '{"hooks":{}}'),
    ],
    [
      'a hooks.json that is no JSON',
      ['global_hooks', 'enforced'],
      'correct',
      (p) => fs.writeFileSync(hooksFile(p), '{'),
    ],
    [
      'hooks of the original beside ours',
      ['global_hooks', 'enforced'],
      'remove the hook',
      (p) =>
        fs.writeFileSync(
          hooksFile(p),
          fs
            .readFileSync(hooksFile(p), 'utf8')
            .replace(
              /"Stop": \[/,
              '"Stop": [{"hooks":[{"type":"command","command":"autonomous-loop hook stop"}]},',
            ),
        ),
    ],
    [
      'a shim that prints',
      ['hook_shim'],
      'print nothing',
      (p) => fs.writeFileSync(shim(p), '#!/bin/sh\necho hello\n'),
    ],
    [
      'a shim that fails',
      ['hook_shim'],
      'autonomous-loop bootstrap',
      (p) => fs.writeFileSync(shim(p), '#!/bin/sh\nexit 1\n'),
    ],
    [
      'a shim that lets everything through',
      ['hook_shim'],
      'autonomous-loop bootstrap',
      (p) => fs.writeFileSync(shim(p), '#!/bin/sh\ncat >/dev/null\n'),
    ],
    ['no shim', ['hook_shim'], 'autonomous-loop bootstrap', (p) => fs.rmSync(shim(p))],
    [
      'no command line',
      ['cli_on_path'],
      'autonomous-loop bootstrap',
      (p) => fs.rmSync(path.join(p.home, 'bin', 'autonomous-loop')),
    ],
    [
      'a broken machine.json',
      ['machine_config'],
      'autonomous-loop bootstrap',
      (p) => fs.writeFileSync(path.join(p.home, 'machine.json'), '{"v":1}'),
    ],
    ['a home that others can write', ['machine_config'], 'chmod 700', (p) => fs.chmodSync(p.home, 0o777)],
    [
      'no skill',
      ['global_skill'],
      'autonomous-loop bootstrap',
      (p) => fs.rmSync(path.join(p.codexHome, 'skills'), { recursive: true }),
    ],
    [
      'no config in the repository',
      ['repo_install'],
      'autonomous-loop install-repo --repo',
      (p) => fs.rmSync(path.join(p.repo, '.codex'), { recursive: true }),
    ],
    [
      'a .git that is a link, which the sandbox does not take',
      ['gate_sandbox'],
      'codex sandbox -P :workspace',
      (p) => {
        fs.renameSync(path.join(p.repo, '.git'), path.join(p.dir, 'elsewhere'))
        fs.symlinkSync(path.join(p.dir, 'elsewhere'), path.join(p.repo, '.git'))
      },
    ],
    [
      'a broken config',
      ['repo_install', 'approval'],
      'correct',
      (p) => install(p, '{"version":1,"commands":{"test":"npm test"}}'),
    ],
    ['a changed config', ['approval'], 'autonomous-loop allow --repo', (p) => install(p, `${config}\n`)],
    [
      'hooks of the original in the repository',
      ['repo_hooks'],
      'remove the hook',
      (p) =>
        fs.writeFileSync(
          path.join(p.repo, '.codex', 'hooks.json'),
          '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"autonomous-loop hook stop"}]}]}}',
        ),
    ],
    [
      'a marker that says nothing',
      ['open_runs'],
      'autonomous-loop',
      (p) => fs.writeFileSync(path.join(p.home, 'armed', session), ''),
    ],
    [
      'a run whose ledger is gone',
      ['open_runs'],
      'autonomous-loop',
      (p) =>
        writeMarker(sessionPaths(p.home, session), {
          v: 1,
          started: true,
          activation: { sessionId: session } as never,
          at: 0,
        }),
    ],
  ]
  test.each(sampleOf(cases, 4))('%s', async (_what, names, remediation, arrange) => {
    await withHealthy(async (place) => {
      arrange(place)
      const answer = await doctor(place)
      expect(answer.ok).toBe(false)
      expect(failing(answer).sort()).toEqual([...names].sort())
      expect(answer.checks[names[0] ?? '']?.remediation).toContain(remediation)
      for (const name of failing(answer)) expect(answer.checks[name]?.reason).toBeTruthy()
    })
  })

  describe('a PATH recorded for gates', () => {
    const tool = (place: Place): string => {
      const dir = path.join(place.dir, 'tools')
      fs.mkdirSync(dir)
      fs.writeFileSync(path.join(dir, 'mytool'), '#!/bin/sh\n', { mode: 0o755 })
      fs.writeFileSync(path.join(dir, 'script'), '#!/usr/bin/env mytool\n', { mode: 0o755 })
      return dir
    }
    test.each(
      sampleOf<[string, readonly string[], RegExp | null]>(
        [
          ['a program that is not there any more', ['mytool'], /^autonomous-loop allow --repo .+repo'$/],
          ['the interpreter of one', ['./run'], /^autonomous-loop allow --repo/],
          ['one that is nowhere', ['no-such-tool'], /^autonomous-loop allow --repo .*once a PATH/],
          ['an absolute path', ['/nowhere/mytool'], /^autonomous-loop allow --repo .*once a PATH/],
          ['one that the work makes', ['./build/test'], null],
        ],
        4,
      ),
    )('%s', async (_what, argv, fix) => {
      await withHealthy(async (place) => {
        const dir = tool(place)
        fs.copyFileSync(path.join(dir, 'script'), path.join(place.repo, 'run'))
        const text = JSON.stringify({ commands: { ok: ['true'], gone: argv } })
        install(place, text)
        approve(place, text, '/usr/bin')
        const answer = await doctor(place, { PATH: `${dir}:${place.env.vars['PATH'] ?? ''}` })
        expect(failing(answer)).toEqual(fix === null ? [] : ['approval'])
        if (fix === null) return
        expect(answer.checks['approval']).toMatchObject({
          reason: expect.stringMatching(
            /^the approval records a PATH on which gates cannot start: gone: /,
          ) as unknown,
          remediation: expect.stringMatching(fix) as unknown,
          commands: ['gone'],
        })
        approve(place, text, `${dir}:/usr/bin`)
        const stillGone = argv[0] === './run' || argv[0] === 'mytool' ? [] : ['approval']
        expect(failing(await doctor(place))).toEqual(stillGone)
      })
    })
  })

  test('the mark of a batch in the environment, with which hooks say nothing', async () => {
    await withHealthy(async (place) => {
      const answer = await doctor(place, { AUTONOMOUS_LOOP_ATTEMPT: '001-1' })
      expect(failing(answer)).toContain('hook_shim')
      expect(answer.checks['hook_shim']).toMatchObject({ remediation: 'unset AUTONOMOUS_LOOP_ATTEMPT' })
    })
  })

  if (long)
    test('a start-up file that prints into every hook', async () => {
      await withHealthy(async (place) => {
        const noise = path.join(place.dir, 'noise.sh')
        fs.writeFileSync(noise, 'echo noise\n')
        const answer = await doctor(place, { BASH_ENV: noise })
        expect(failing(answer)).toEqual(['hook_shim'])
        expect(answer.checks['hook_shim']?.remediation).toContain(noise)
      })
    })

  if (long)
    test('hooks in config.toml as well: Codex warns at each start, and bootstrap and doctor say what to do', async () => {
      await withPlace(async (place) => {
        codexConfig(
          place,
          (text) => `${text}\n[[hooks.Stop]]\nhooks = [{ type = "command", command = "true" }]\n`,
        )
        const booted = good(await boot(place, { trust: true }))
        const words = expect.stringMatching(/hooks \(Stop\) also stand in .*config\.toml/)
        const fix = expect.stringMatching(/^move them into .*hooks\.json/)
        expect(booted.warnings).toEqual(expect.arrayContaining([words]))
        install(place, config)
        approve(place, config)
        const answer = await doctor(place)
        expect(failing(answer)).toEqual([])
        expect(answer.checks['one_hooks_file']).toMatchObject({
          ok: false,
          advisory: true,
          reason: words,
          remediation: fix,
        })
      })
    })

  if (long)
    test('advice does not fail: another Stop hook, a nested .codex', async () => {
      await withHealthy(async (place) => {
        fs.mkdirSync(path.join(place.repo, 'packages', 'a', '.codex'), { recursive: true })
        const answer = await doctor(place)
        expect(answer.ok).toBe(true)
        expect(answer.checks['nested_codex']).toMatchObject({
          ok: false,
          advisory: true,
          found: ['packages/a/.codex'],
        })
        expect(answer.checks['plan_tool']).toMatchObject({ ok: false, advisory: true })
      })
    })
})
