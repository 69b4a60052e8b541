import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import type { Installed } from '../rig/installed.ts'
import { config, manyGates, notes, play } from './lab.ts'
import { long } from '../rig/long.ts'

/** Text of a gate that passes where `file` says hello. */
const says = (file: string): string =>
  `grep -qx hello ${file} || { echo "${file}: $(cat ${file} 2>&1)"; exit 1; }`

/** What the gates said at the first stop: the last line of each that did not pass. */
async function saidFirst(lab: Installed): Promise<Record<string, string>> {
  const { commands } = await lab.json(['explain', '--stop', '1', '--cwd', lab.repo])
  return Object.fromEntries(
    (commands as { name: string; outcome: string; tail: string }[]).map(({ name, outcome, tail }) => [
      name,
      outcome === 'passed' ? 'passed' : `${outcome}: ${tail.trim().split('\n').at(-1)}`,
    ]),
  )
}

test('what only the workspace has vouches for nothing: tools, packages, marks of work that was done, links', async () => {
  const gates = {
    ignored: says('build/a.txt'),
    named: says('build/named.txt'),
    tool: 'PATH=$PWD/node_modules/.bin:$PATH checkit',
    nearer: 'cd packages/app && PATH=$PWD/node_modules/.bin:$PWD/../../node_modules/.bin:$PATH checkit',
    inside: 'sh node_modules/checker/lib/check.sh',
    stamp: `test cache/stamp -nt src/a.txt || { ${says('src/a.txt')} }`,
    info: `test "$(cat .buildinfo 2>/dev/null)" = "$(sha256sum < src/a.txt)" || { ${says('src/a.txt')} }`,
    linked: says('src/linked.txt'),
    absolute: says('src/absolute.txt'),
    outside: says('src/outside.txt'),
    directory: says('data/a.txt'),
    start: 'grep -q root src/start.txt',
  }
  await play(
    {
      files: {
        [config]: manyGates(gates, { prepare: [{ argv: ['sh', 'scripts/install.sh'] }] }),
        '.gitignore': 'node_modules\nbuild\ncache\n.buildinfo\n',
        'scripts/install.sh': [
          // What a script names by its whole path is pinned in the workspace, and that would be another answer.
          'bin=node_modules/.bin lib=node_modules/checker/lib; mkdir -p $bin $lib',
          'cp scripts/check.sh $lib/check.sh',
          'printf "#!/bin/sh\\nexec sh %s/$lib/check.sh\\n" "$PWD" > $bin/checkit',
          'chmod +x $bin/checkit',
          '',
        ].join('\n'),
        'scripts/check.sh': `cd "$(dirname "$0")/../../.." && ${says('src/a.txt')}\n`,
        'packages/app/app.txt': 'app\n',
        ...Object.fromEntries(
          ['src/a.txt', 'src/linked.txt', 'src/absolute.txt', 'src/outside.txt', 'data/a.txt'].map((file) => [
            file,
            'bye\n',
          ]),
        ),
      },
      person:
        'sh scripts/install.sh; mkdir ../writable; ln -s /etc/passwd src/start.txt; git add -A; git commit -qm link',
      args: ({ dir }) => ['-c', `sandbox_workspace_write.writable_roots=["${dir}/writable"]`],
      task: { ...notes, evidence: [...notes.evidence, { kind: 'pathChanged', glob: 'build/**' }] },
      agent: [
        [
          'mkdir -p build cache packages/app/node_modules/.bin',
          'echo hello > build/a.txt; echo hello > build/named.txt',
          'for one in node_modules/.bin packages/app/node_modules/.bin; do printf "#!/bin/sh\\nexit 0\\n" > $one/checkit; chmod +x $one/checkit; done',
          'echo exit 0 > node_modules/checker/lib/check.sh',
          'echo "!node_modules" >> .gitignore',
          'touch -d 2099-01-01 cache/stamp',
          'sha256sum < src/a.txt > .buildinfo',
          'ln -sf ../build/a.txt src/linked.txt',
          'ln -sf "$PWD/build/a.txt" src/absolute.txt',
          'echo hello > ../writable/a.txt; ln -sf ../../writable/a.txt src/outside.txt',
          'rm -r data; ln -s ../writable data',
        ].join('\n'),
        [
          'rm data; mkdir data; echo bye > data/a.txt',
          'for one in src/a.txt src/linked.txt src/absolute.txt src/outside.txt data/a.txt; do rm $one; echo hello > $one; done',
          'sed -i /build/d .gitignore',
        ].join('\n'),
      ],
    },
    async ({ blocks, run, lab }) => {
      const bye = 'failed: src/a.txt: bye'
      const none = (file: string): string => `failed: ${file}: cat: ${file}: No such file or directory`
      expect(await saidFirst(lab)).toEqual({
        ignored: none('build/a.txt'),
        named: none('build/named.txt'),
        tool: bye,
        nearer: bye,
        inside: bye,
        stamp: bye,
        info: bye,
        linked: none('src/linked.txt'),
        absolute: none('src/absolute.txt'),
        outside: none('src/outside.txt'),
        directory: none('data/a.txt'),
        start: 'passed',
      })
      expect(blocks).toHaveLength(1)
      expect(blocks[0]).toContain(
        'not in the clean room, as they lead out of the tree: data, src/outside.txt',
      )
      expect(run.state).toBe('released')
    },
  )
}, 300_000)

if (long)
  test('gates that ask git what changed hear of all that changed since the start, whatever the agent did to the repository', async () => {
    const changed = (command: string, dir = '.'): string =>
      `cd ${dir}; for one in $(${command}); do grep -qx hello $one || { echo "$one: $(cat $one)"; exit 1; }; done`
    const gates = {
      head: changed('git diff --name-only --diff-filter=d --relative HEAD -- src'),
      status: changed('git status --porcelain -- src | cut -c4-'),
      origin: changed('git diff --name-only origin/main -- src'),
      branch: changed('git diff --name-only main -- src'),
      log: changed(
        'git log --format= --name-only origin/main..; git ls-files -m -o --exclude-standard -- src',
      ),
      flags: changed('git ls-files -m -- flags'),
      under: changed('git status --porcelain -- . | cut -c4- | xargs -n1 basename', 'packages/app'),
      history: 'test "$(git log -1 --format=%s)" = start && test -z "$(git tag)"',
    }
    await play(
      {
        files: {
          [config]: manyGates(gates),
          'src/a.txt': 'hello\n',
          'flags/assumed.txt': 'hello\n',
          'flags/skipped.txt': 'hello\n',
          'packages/app/b.txt': 'hello\n',
        },
        person: 'git update-ref refs/remotes/origin/main HEAD',
        args: () => ['-s', 'danger-full-access'],
        agent: [
          [
            'git update-index --assume-unchanged flags/assumed.txt; git update-index --skip-worktree flags/skipped.txt',
            'for one in flags/*.txt src/a.txt src/new.txt packages/app/b.txt; do echo bye > $one; done',
            'git init -q packages/app; git -C packages/app add -A; git -C packages/app commit -qm inner',
            'git checkout -qb other; git add src NOTES.md; git commit -qm work; git commit -q --amend -m again; git tag v9',
            'git branch -f main; git update-ref refs/remotes/origin/main HEAD; git checkout -q --detach',
          ].join('\n'),
          'for one in flags/*.txt src/*.txt packages/app/b.txt; do echo hello > $one; done; git commit -qam more',
        ],
      },
      async ({ blocks, run, lab }) => {
        expect(await saidFirst(lab)).toEqual({
          head: 'failed: src/a.txt: bye',
          status: 'failed: src/a.txt: bye',
          origin: 'failed: src/a.txt: bye',
          branch: 'failed: src/a.txt: bye',
          log: 'failed: src/new.txt: bye',
          flags: 'failed: flags/assumed.txt: bye',
          under: 'failed: b.txt: bye',
          history: 'passed',
        })
        expect(blocks).toHaveLength(1)
        expect(run.state).toBe('released')
      },
    )
  }, 300_000)

/** Each line of it is a place where an agent has written, or where others keep what is theirs. */
const places = (lab: Installed): Record<string, string> => ({
  agent: path.join(lab.repo, '.git/agent'),
  worktree: path.join(lab.dir, 'worktree/agent'),
  main: path.join(lab.dir, 'temp/agent'),
  memory: '/dev/shm/autoloop-agent',
  temp: '/tmp/autoloop-agent',
  transcripts: path.join(lab.codexHome, 'sessions'),
  ledgers: path.join(lab.home, 'sessions'),
  rooms: path.join(lab.home, 'rooms'),
  prepared: path.join(lab.home, 'prepared'),
})

test('a gate in the room sees nothing that the agent wrote elsewhere, and no other room', async () => {
  await play(
    {
      files: {
        [config]: manyGates({
          look: 'sh look.sh',
          processes: 'ls -d /proc/[0-9]* | wc -l; test $(ls -d /proc/[0-9]* | wc -l) -lt 40',
        }),
        '.gitignore': 'seen\n',
        'look.sh':
          'for one in $(cat places.txt); do test -d $one && one=$(ls -d $one/* 2>/dev/null); test -n "$one" && ls -d $one 2>/dev/null; done | tee seen; test ! -s seen\n',
        'places.txt': '',
      },
      person: 'git worktree add -q ../worktree; mkdir ../temp',
      prepareLab: (lab) => lab.write('places.txt', `${Object.values(places(lab)).join('\n')}\n`),
      env: ({ dir }) => ({ TMPDIR: path.join(dir, 'temp') }),
      args: ({ dir }) => ['-c', `sandbox_workspace_write.writable_roots=["${dir}/worktree"]`],
      agent: [
        'for one in ../worktree/agent ../temp/agent /tmp/autoloop-agent /dev/shm/autoloop-agent; do echo hello > $one; done',
      ],
    },
    ({ blocks, run, lab }) => {
      const there = Object.entries(places(lab)).filter(([, place]) => fs.existsSync(place))
      expect(there.map(([name]) => name)).toEqual(
        expect.arrayContaining(['worktree', 'main', 'ledgers', 'rooms', 'transcripts']),
      )
      expect(blocks).toEqual([])
      expect(run.state).toBe('released')
    },
  )
}, 300_000)

if (long)
  test('directories that change places while a room is filled and gates run bring nothing into it', async () => {
    await play(
      {
        files: {
          [config]: manyGates({ a: says('src/a.txt'), b: says('src/deep/b.txt') }),
          '.gitignore': 'cache\n',
          'src/a.txt': 'bye\n',
          'src/deep/b.txt': 'bye\n',
        },
        person:
          'mkdir -p cache/good/deep; mkfifo cache/over; for one in a.txt deep/b.txt; do echo hello > cache/good/$one; done',
        agent: [
          'true',
          {
            leaves: [
              'until test -e cache/end; do mv src cache/away; mv cache/good src; mv src cache/good; mv cache/away src; done 2> /dev/null',
              'echo over > cache/over',
            ].join('\n'),
          },
          'true',
          'touch cache/end; read over < cache/over; for one in src/a.txt src/deep/b.txt; do echo hello > $one; done',
        ],
      },
      ({ blocks, run }) => {
        expect(blocks[1]).toContain('processes of this session still run')
        expect(blocks[2]).toMatch(/gate [ab]: failed|the workspace moved while the gates ran/)
        expect(blocks).toHaveLength(3)
        expect(run.state).toBe('released')
      },
    )
  }, 300_000)
