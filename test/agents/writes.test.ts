import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { agentLauncher } from '../../src/records/agent-launcher.ts'
import { readEnv } from '../../src/base/env.ts'
import { codexBinary } from '../rig/binaries.ts'
import { type Lab, inOwnProcess, makeLab, said, sh, watch } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let lab: Lab
beforeEach(() => {
  lab = makeLab("it's writes")
})
afterEach(() => lab.remove())

/** A script that prints the names of those places it could write, and what each is on the disk afterwards. */
const probe = (places: Readonly<Record<string, string>>): string =>
  Object.entries(places)
    .map(([name, file]) => {
      const quoted = `'${file.replaceAll("'", `'\\''`)}'`
      return `(mkdir -p "$(dirname ${quoted})" && : > ${quoted}) 2>/dev/null && echo ${name}`
    })
    .concat('true')
    .join('\n')

const lines = (): string[] => said(lab).split('\n').filter(Boolean).toSorted()

/** Every file below the lab, as it is. */
function snapshot(...names: string[]): string {
  return execFileSync('find', [lab.at(...names), '-type', 'f', '-exec', 'sha256sum', '{}', '+'], {
    encoding: 'utf8',
  })
    .split('\n')
    .toSorted()
    .join('\n')
}

test('what an agent in the box can write, and what it cannot', async () => {
  const own = lab.at('agent-settings')
  fs.mkdirSync(own)
  const places = {
    workspace: path.join(lab.workspace, 'new/f'),
    tracked: path.join(lab.workspace, 'a.txt'),
    result: path.join(lab.scratch, 'result.json'),
    temp: path.join(lab.scratch, 'tmp/f'),
    own: path.join(own, 'f'),
    commonTemp: '/tmp/f',
    thrownAway: lab.at('vars-home/.config/f'),
    cache: lab.at('vars-home/.npm/_cacache/f'),
    gitFile: path.join(lab.workspace, '.git'),
    gitDirectory: lab.at('data/repo.git/worktrees/one/index'),
    objects: lab.at('data/repo.git/objects/f'),
    head: lab.at('data/repo.git/HEAD'),
    config: path.join(lab.workspace, '.codex/autoloop.project.json'),
    newInConfig: path.join(lab.workspace, '.codex/backlog/002.md'),
    agents: path.join(lab.workspace, '.agents/f'),
    home: path.join(lab.home, 'f'),
    ledger: path.join(lab.home, 'batches/r/b1/ledger.jsonl'),
    prompt: lab.turn.promptFile,
    log: path.join(lab.turn.dir, 'turn-1.log'),
    codexHome: path.join(lab.codexHome, 'config.toml'),
    judge: lab.at('data/judge/f'),
    index: lab.at('data/index/f'),
    otherWorktree: lab.at('data/worktrees/two/a.txt'),
    newWorktree: lab.at('data/worktrees/three/f'),
    otherScratch: lab.at('data/scratch/002-1/f'),
    person: path.join(lab.person, 'a.txt'),
    personGit: path.join(lab.person, '.git/f'),
    realHome: `${lab.dir}-beside`,
    varTmp: `/var/tmp/${path.basename(lab.dir)}`,
  }
  const before = ['data/repo.git', 'data/judge', 'data/index', 'data/worktrees/two', 'person'].map((dir) =>
    snapshot(dir),
  )
  const agent = lab.agent({ ...sh(probe(places)), writable: [own] })
  expect(await watch(agent, lab.turn).outcome).toMatchObject({ kind: 'unreadable' })
  expect(lines()).toEqual(
    ['cache', 'commonTemp', 'own', 'result', 'temp', 'thrownAway', 'tracked', 'workspace'].toSorted(),
  )
  const stayed = ['workspace', 'result', 'temp', 'own'] as const
  for (const name of stayed) expect([name, fs.existsSync(places[name])]).toEqual([name, true])
  expect(fs.readFileSync(places.tracked, 'utf8')).toBe('')
  expect(fs.readFileSync(lab.turn.promptFile, 'utf8')).toBe('Add a greeting\n')
  for (const name of ['cache', 'thrownAway', 'realHome', 'varTmp', 'newWorktree', 'otherScratch'] as const)
    expect([name, fs.existsSync(places[name])]).toEqual([name, false])
  expect(
    ['data/repo.git', 'data/judge', 'data/index', 'data/worktrees/two', 'person'].map((dir) => snapshot(dir)),
  ).toEqual(before)
})

test('a worktree without any .codex does not get one', async () => {
  fs.rmSync(path.join(lab.workspace, '.codex'), { recursive: true })
  const agent = lab.agent(
    sh('mkdir -p .codex/backlog && echo "{}" > .codex/autoloop.project.json; ls -A .codex | wc -l'),
  )
  await watch(agent, lab.turn).outcome
  expect(fs.existsSync(path.join(lab.workspace, '.codex/autoloop.project.json'))).toBe(false)
})

test('git in the worktree reads, and cannot commit, reset or make a branch', async () => {
  const agent = lab.agent(
    sh(`echo new > b.txt
git status --short
for what in 'add b.txt' 'commit -qam x' 'update-ref refs/heads/evil HEAD' 'worktree add ../three' 'config core.hooksPath /evil'
do git -c user.name=a -c user.email=a@b $what >/dev/null 2>&1 && echo "done: $what"; done; true`),
  )
  const before = snapshot('data/repo.git')
  expect(await watch(agent, lab.turn).outcome).toMatchObject({ kind: 'finished' })
  expect(lines()).toEqual(['?? b.txt'])
  expect(snapshot('data/repo.git')).toBe(before)
})

test('what it may not write cannot be moved away, replaced by a link or mounted over', async () => {
  const before = snapshot()
  const agent = lab.agent(
    sh(`mv .codex gone; mv .git gone; rm -rf .codex .git; ln -sfn /tmp .codex
mv '../../repo.git' /tmp/; mv '../two' /tmp; mv ../../worktrees ../../w
chmod 777 .git .codex; mount --bind /tmp .codex; unshare -rm sh -c 'mount --bind /tmp .codex; echo evil > .codex/f'; true`),
  )
  expect(await watch(agent, lab.turn).outcome).toMatchObject({ kind: 'finished' })
  const kept = (text: string): string[] =>
    text
      .split('\n')
      .filter(
        (line) =>
          !['turn-1.log', 'turn-1.schema.json', '/sandbox-home/', '/scratch/'].some((name) =>
            line.includes(name),
          ),
      )
  expect(kept(snapshot())).toEqual(kept(before))
})

const ours: readonly (readonly [string, () => string])[] = [
  ['our home', () => lab.home],
  ['the data directory', () => lab.data],
  ['the repository of ours', () => lab.at('data/repo.git')],
  ["Codex's home", () => lab.codexHome],
  ["the person's repository", () => lab.person],
]

test.each(sampleOf(ours, 3, 1))('%s named as writable stays as it is', async (_name, dir) => {
  const before = snapshot('data/repo.git') + snapshot('person')
  const all = [lab.at('data/repo.git/HEAD'), lab.at('data/judge/f'), path.join(lab.home, 'f')]
  const places = Object.fromEntries([...all, path.join(lab.person, 'a.txt')].map((file, at) => [at, file]))
  const outcome = await watch(lab.agent({ ...sh(probe(places)), writable: [dir()] }), lab.turn).outcome
  expect(['could-not-start', 'finished']).toContain(outcome.kind)
  expect(snapshot('data/repo.git') + snapshot('person')).toBe(before)
  expect(lines()).toEqual([])
})

test('the network is there', async () => {
  const agent = lab.agent(
    sh("node -e \"require('net').connect(1, '127.0.0.1').on('error', (e) => console.log(e.code))\""),
  )
  await watch(agent, lab.turn).outcome
  expect(lines()).toEqual(['ECONNREFUSED'])
})

test('where the sandbox is not there or the box is not granted, nothing is started', async () => {
  const { turn } = lab
  const env = { ...readEnv(), home: lab.home, codexHome: lab.codexHome, vars: { HOME: lab.at('vars-home') } }
  const without = agentLauncher({ env }, null, [])
  expect(await watch(lab.agent(sh('echo ran'), { launch: without }), turn).outcome).toMatchObject({
    kind: 'could-not-start',
    why: { code: 'sandbox-unavailable' },
  })
  const boxless = agentLauncher({ env }, codexWith('--unshare-user'), [])
  expect(await watch(lab.agent(sh('echo ran'), { launch: boxless }), turn).outcome).toMatchObject({
    kind: 'could-not-start',
    why: { code: 'agent-no-box', fix: expect.any(String) },
  })
  expect(said(lab)).toBe('')
})

/** The real Codex beside a bwrap that refuses this. */
function codexWith(refused: string): string {
  const codex = codexBinary()
  const bwrap = path.join(path.dirname(codex), '../codex-resources/bwrap')
  fs.mkdirSync(lab.at('bin'))
  fs.mkdirSync(lab.at('codex-resources'))
  fs.copyFileSync(codex, lab.at('bin/codex'))
  fs.writeFileSync(
    lab.at('codex-resources/bwrap'),
    `#!/bin/sh\ncase " $* " in *" ${refused} "*) echo refused >&2; exit 1;; esac\nexec '${bwrap}' "$@"\n`,
    { mode: 0o755 },
  )
  return lab.at('bin/codex')
}

test('on a machine that grants no more layers the same stays written, and nothing else', async () => {
  const places = {
    workspace: path.join(lab.workspace, 'f'),
    temp: path.join(lab.scratch, 'tmp/f'),
    objects: lab.at('data/repo.git/objects/f'),
    otherWorktree: lab.at('data/worktrees/two/a.txt'),
    person: path.join(lab.person, 'a.txt'),
    config: path.join(lab.workspace, '.codex/autoloop.project.json'),
    home: path.join(lab.home, 'f'),
    settings: lab.at('vars-home/.config/f'),
  }
  const before = snapshot('data/repo.git') + snapshot('data/worktrees/two') + snapshot('person')
  const { events, outcome } = await inOwnProcess(lab, { script: probe(places) }, ['layer', 'layer'])
  expect(outcome).toMatchObject({ kind: 'finished' })
  expect(events[0]).toMatchObject({ kind: 'started', sandbox: 'box-no-unix' })
  expect(lines()).toEqual(['temp', 'workspace'])
  expect(snapshot('data/repo.git') + snapshot('data/worktrees/two') + snapshot('person')).toBe(before)
})
