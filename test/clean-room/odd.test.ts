import { expect, test } from '@jest/globals'
import { long } from '../rig/long.ts'
import { type Play, config, manyGates, play } from './lab.ts'

const gate = manyGates({
  test: 'grep -qx hello src/a.txt || { echo "CHECK: $(cat src/a.txt 2>&1)"; exit 1; }; test ! -e .git/HEAD || git status --porcelain > /dev/null',
})
const files = { [config]: gate, '.gitignore': 'build\n', 'src/a.txt': 'bye\n' }
const lie = 'mkdir -p build/src; echo hello > build/src/a.txt'
const work = 'echo hello > src/a.txt'
const anywhere: Pick<Play, 'args'> = { args: () => ['-s', 'danger-full-access'] }

interface Odd extends Partial<Play> {
  readonly what: string
  readonly agent: readonly string[]
  /** What each block says. */
  readonly said: readonly string[]
}

/** The first one is played in CI; the single pieces of each have tests in test/workspace/room. */
const odds: readonly Odd[] = [
  {
    what: 'things that are no files, names that are no text, holes, and directories without end',
    agent: [
      [
        lie,
        "mkfifo pipe; node -e \"require('net').createServer().listen('socket', () => process.exit())\" || true",
        'truncate -s 300G huge; echo x > closed; chmod 0 closed; echo x > suid; chmod 4755 suid; ln suid hard',
        String.raw`echo x > "$(printf 'n\377')"; mkdir "$(printf 'd\nd')"; echo x > "$(printf 'd\nd/x')"`,
        '(i=0; while test $i -lt 30; do name=$(printf "%0120d" $i); mkdir $name && cd -P $name || break; i=$((i + 1)); done; echo x > deep)',
        'rm src/a.txt; mkdir src/a.txt; echo hello > src/a.txt/a',
      ].join('\n'),
      `rm -r src/a.txt; ${work}`,
    ],
    said: ['CHECK: cat: src/a.txt: Is a directory'],
  },
  {
    what: 'objects that were rewritten under their own names',
    ...anywhere,
    agent: [
      `${work}; git hash-object -w src/a.txt; cd .git/objects; cp -r . ../kept; o=$(git rev-parse HEAD:src/a.txt); n=$(git hash-object ../../src/a.txt)
       f() { echo $1 | sed 's,..,&/,'; }; chmod u+w $(f $o); cp $(f $n) $(f $o)`,
      'cp -rf .git/kept/. .git/objects/',
    ],
    said: ['is not what its name says'],
  },
  {
    what: 'a repository that is gone, and back',
    ...anywhere,
    agent: [`${work}; mv .git build-git`, 'mv build-git .git'],
    said: ['was a git repository at the start and is not one now'],
  },
  {
    what: 'no git',
    git: false,
    args: () => ['--skip-git-repo-check'],
    agent: ['true', work],
    said: ['CHECK: bye'],
  },
  {
    what: 'the time before the first commit',
    person: 'rm -r .git; git init -q; git add -A',
    agent: [lie, work],
    said: ['CHECK: bye'],
  },
  {
    what: 'a linked worktree, and the main one beside it',
    person: 'git worktree add -q ../linked; mkdir -p build; echo hello > build/a.txt',
    cwd: '../linked',
    agent: ['rm src/a.txt; ln -s ../../repo/build/a.txt src/a.txt', `rm src/a.txt; ${work}`],
    said: ['CHECK: cat: src/a.txt: No such file or directory'],
  },
  {
    what: 'a repository inside, whose files are work',
    person:
      'git init -q inner; echo bye > inner/a.txt; git -C inner add -A; git -C inner -c user.name=T -c user.email=t@localhost commit -qm inner',
    files: {
      [config]: manyGates({
        test: 'grep -qx hello inner/a.txt || { echo "CHECK: $(cat inner/a.txt)"; exit 1; }',
      }),
    },
    agent: ['mkdir build; echo hello > build/a.txt', 'echo hello > inner/a.txt'],
    said: ['CHECK: bye'],
  },
]

test.each(long ? odds : odds.slice(0, 1))('a room with $what', async ({ said, what: _what, ...given }) => {
  await play({ files, ...given }, ({ blocks, run }) => {
    expect(blocks).toEqual(said.map((text) => expect.stringContaining(text)))
    expect(run).toMatchObject({ state: 'released', boxes: [{ place: 'clean-room' }] })
  })
})
