import fs from 'node:fs'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { type Answer, type Installed, equip, message, withLab } from '../../rig/installed.ts'
import { long } from '../../rig/long.ts'

const configPath = '.codex/autoloop.project.json'

interface Project {
  readonly scripts: Readonly<Record<string, string>>
  /** Beside package.json; what `ignored` names is not committed. */
  readonly files?: Readonly<Record<string, string>>
  /** A package of the project that npm links, so that a lock file says what is installed and no registry is asked. */
  readonly linked?: true
}

/** `person`: shell text, for what git ignores. */
async function measured(
  { scripts, files = {}, linked }: Project,
  then: (answer: Answer, lab: Installed) => void | Promise<void>,
  person = 'true',
): Promise<void> {
  const manifest = {
    name: 'measured',
    version: '1.0.0',
    scripts,
    ...(linked ? { dependencies: { linked: 'file:linked' } } : {}),
  }
  const link = { '': manifest, linked: {}, 'node_modules/linked': { resolved: 'linked', link: true } }
  const repoFiles = {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({
      name: 'measured',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: linked ? link : {},
    }),
    ...(linked ? { 'linked/package.json': '{"name":"linked"}', 'linked/index.js': '' } : {}),
    '.gitignore': 'node_modules\n.env\nlocal\n/made\n',
    ...files,
  }
  await withLab({ repoFiles, script: () => [message('nobody asks me')] }, async (bare) => {
    const lab = equip(bare)
    await lab.json(['bootstrap', '--trust'])
    execFileSync('/bin/sh', ['-ec', person], { cwd: lab.repo, env: lab.env() })
    await then(await lab.json(['install-repo', '--repo', lab.repo, '--measure']), lab)
    expect(fs.readdirSync(path.join(lab.home, 'rooms'))).toEqual([])
  })
}

const config = (lab: Installed) => JSON.parse(fs.readFileSync(path.join(lab.repo, configPath), 'utf8'))

test('what is installed nowhere yet is prepared for the room, and the config says how', async () => {
  await measured({ scripts: { test: 'node -e "require(\'linked\')"' }, linked: true }, (answer, lab) => {
    expect(answer.measured).toMatchObject([{ name: 'test', outcome: 'passes', place: 'clean-room' }])
    expect(answer.clean_room).toEqual({ kind: 'used', nth: 0 })
    expect(config(lab)).toMatchObject({
      prepare: [{ argv: ['npm', 'ci', '--ignore-scripts'], network: 'full' }],
      policy: { verify: 'clean-room' },
    })
    expect(config(lab).commands.test).not.toHaveProperty('verify')
    expect(fs.existsSync(path.join(lab.repo, 'node_modules'))).toBe(false)
    expect(answer).toMatchObject({ approved: true })
  })
})

if (long)
  test('where only the project’s own install scripts help they run, and that is said', async () => {
    const scripts = {
      postinstall: "node -e \"require('node:fs').writeFileSync('node_modules/made.js', '')\"",
      test: 'node -e "require(\'./node_modules/made.js\')"',
    }
    await measured({ scripts, linked: true }, (answer, lab) => {
      expect(answer.measured).toMatchObject([{ outcome: 'passes', place: 'clean-room' }])
      expect(answer.clean_room).toEqual({ kind: 'used', nth: 1 })
      expect(answer.notes).toContainEqual(expect.stringMatching(/own install scripts run too/))
      expect(config(lab).prepare).toMatchObject([{ argv: ['npm', 'ci'] }])
    })
  })

describe('a gate that passes in place only is verified there, and lowers no other', () => {
  const env = 'echo TOKEN=1 > .env'
  const readsEnv =
    "node -e \"if (!require('node:fs').existsSync('.env')) { console.log('no database'); process.exit(3) }\""

  if (long)
    test('an ignored file that its output does not name is found, proposed, and named by nobody but a person', async () => {
      const files = { 'local/notes.txt': 'x\n' }
      const project = { scripts: { lint: 'node -e 0', test: readsEnv }, files }
      await measured(
        project,
        async (answer, lab) => {
          expect(answer.measured).toMatchObject([
            { name: 'lint', place: 'clean-room', copy: [] },
            {
              name: 'test',
              outcome: 'passes',
              place: 'in-place',
              not_in_room: expect.stringMatching(/^exit code 3: [^]*no database/),
              copy: ['.env'],
            },
          ])
          expect(config(lab)).toMatchObject({
            commands: { test: { verify: 'in-place', network: 'loopback' } },
            policy: { verify: 'clean-room' },
          })
          expect(config(lab)).not.toHaveProperty('copy')
          expect(answer.notes).toEqual([
            expect.stringMatching(/^test passes in place only.*In the clean room: exit code 3/s),
            expect.stringMatching(/^test passes in the clean room too with \.env, .*"copy": \["\.env"\]/),
          ])

          // The person does, and is shown what to write next; nothing is written or approved for them.
          const text = JSON.stringify({ ...config(lab), copy: ['.env'] })
          lab.write(configPath, text)
          const shown = await lab.json(['allow', '--repo', lab.repo, '--measure'])
          expect(shown).toMatchObject({ approved: false, clean_room: { kind: 'used' }, notes: [] })
          expect(shown.lines).toEqual([{ path: 'commands.test.verify', was: 'in-place', now: null }])
          expect(fs.readFileSync(path.join(lab.repo, configPath), 'utf8')).toBe(text)
          expect(await lab.json(['allow', '--dry-run'])).toMatchObject({ already_approved: false })
        },
        env,
      )
    })

  if (long)
    test('so is one of the only gate there is, and allow --measure then has the room written', async () => {
      await measured(
        { scripts: { test: readsEnv } },
        async (answer, lab) => {
          expect(answer.measured).toMatchObject([{ name: 'test', place: 'in-place', copy: ['.env'] }])
          expect(answer.clean_room).toEqual({ kind: 'unused' })
          expect(Object.keys(config(lab))).not.toContain('policy')
          expect(answer.notes).toEqual([
            'no gate passes in the clean room, so the config says nothing of it',
            expect.stringMatching(
              /^test passes in place only\. In the clean room: exit code 3[^]*no database/,
            ),
            expect.stringMatching(/^test passes in the clean room too with \.env, .*"copy": \["\.env"\]/),
          ])
          lab.write(configPath, JSON.stringify({ ...config(lab), copy: ['.env'] }))
          const shown = await lab.json(['allow', '--repo', lab.repo, '--measure'])
          expect(shown.lines).toEqual([{ path: 'policy.verify', was: null, now: 'clean-room' }])
        },
        env,
      )
    })

  if (long)
    test('a package that was put in by hand is named, and nothing is proposed to be copied', async () => {
      const project = { scripts: { test: 'node -e "require(\'byhand\')"' }, linked: true } as const
      await measured(
        project,
        (answer, lab) => {
          expect(answer.measured).toMatchObject([
            { place: 'in-place', lacks: [{ kind: 'package', name: 'byhand' }], copy: [] },
          ])
          // No gate passes in the room, so nothing of it is written.
          expect(answer.clean_room).toEqual({ kind: 'unused' })
          expect(answer.notes).toEqual([
            'no gate passes in the clean room, so the config says nothing of it',
            expect.stringMatching(
              /^test passes in place only\. In the clean room: exit code 1[^]*not have byhand/,
            ),
          ])
          expect(Object.keys(config(lab))).not.toContain('prepare')
          expect(Object.keys(config(lab))).not.toContain('policy')
          expect(config(lab).commands.test).not.toHaveProperty('verify')
        },
        'mkdir -p node_modules/byhand && echo > node_modules/byhand/index.js',
      )
    })
})

test('a room that cannot be prepared is said, with what the installer said', async () => {
  const broken = {
    'package-lock.json': '{"lockfileVersion": 3, "packages": {}}',
    '.npmrc': '//127.0.0.1:9/:_authToken=${NPM_TOKEN}\ncache=${HOME}/.npm\n',
  }
  const project = { scripts: { test: 'node -e 0' }, linked: true, files: broken } as const
  await measured(project, (answer, lab) => {
    expect(answer.measured).toMatchObject([
      { outcome: 'passes', detail: null, place: 'in-place', not_in_room: expect.stringMatching(/npm ci/) },
    ])
    expect(answer.clean_room).toMatchObject({ kind: 'none', why: expect.stringMatching(/prepare\[0\].*npm/) })
    expect(answer.notes).toEqual([
      expect.stringMatching(/^no clean room for these gates: .*npm ci/s),
      // Only the installer, and nothing that every gate has.
      expect.stringContaining(
        'may need NPM_TOKEN, which the settings of its installer name. Only you can give it that: put "prepare": [{"argv":["npm","ci","--ignore-scripts"],"network":"full","secrets":["NPM_TOKEN"]}] into',
      ),
    ])
    expect(Object.keys(config(lab))).not.toContain('policy')
  })
})

if (long)
  test('allow --measure shows what a config written by hand would have to say', async () => {
    const files = {
      'package.json': '{}',
      '.gitignore': 'made\n',
      [configPath]: JSON.stringify({
        version: 2,
        commands: {
          own: { argv: ['sh', '-c', 'test -e README.md'], network: 'full' },
          made: { argv: ['test', '-e', 'made/big'], network: 'none' },
        },
        gateProfiles: { fast: [], default: [], final: ['own', 'made'] },
      }),
      'README.md': '',
    }
    await withLab({ repoFiles: files, script: () => [message('nobody asks me')] }, async (bare) => {
      const lab = equip(bare)
      await lab.json(['bootstrap', '--trust'])
      execFileSync('/bin/sh', ['-ec', 'mkdir made && echo > made/big'], { cwd: lab.repo, env: lab.env() })
      lab.write(configPath, `${files[configPath]}\n`)
      const words = ['allow', '--repo', lab.repo, '--measure']
      expect(await lab.json(words, 1, { CODEX_CI: '1' })).toMatchObject({ error_code: 'person-only' })
      expect((await lab.cli([...words, '--amend'])).code).toBe(2)
      const shown = await lab.json(words)
      expect(shown.measured).toMatchObject([
        { name: 'own', place: 'clean-room', network: 'loopback' },
        { name: 'made', place: 'in-place', network: 'none' },
      ])
      expect(shown.lines).toEqual([
        { path: 'policy.verify', was: null, now: 'clean-room' },
        { path: 'commands.own.network', was: 'full', now: 'loopback' },
        { path: 'commands.made.verify', was: null, now: 'in-place' },
      ])
      const { stdout } = await lab.cli([...words, '--text'])
      expect(stdout).toMatch(/nothing is written or approved/)
      expect(stdout).toMatch(/commands\.made\.verify +"in-place" +not there now/)
      expect(await lab.json(['allow', '--dry-run'])).toMatchObject({ already_approved: false })
    })
  })
