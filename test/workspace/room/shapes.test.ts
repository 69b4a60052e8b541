import { describe, expect, test } from '@jest/globals'
import { contentOf, enter, lookOf, sh, treeOf, withRoom } from './rig.ts'
import { withRig } from '../../evidence/rig.ts'
import { sampleOf } from '../../rig/long.ts'

const commit = 'git add -A && git commit -qm start'
const one = `git init -q -b main && echo a > a && ${commit}`
const status = 'git status --porcelain --untracked-files=all'

/** What the start is, what the work is, and what git says of it in the room. */
const shapes: readonly (readonly [name: string, start: string, work: string, said: string])[] = [
  ['a file changed and one added', one, 'echo b >> a; echo b > b', ' M a\n?? b\n'],
  ['before the first commit', 'git init -q && echo a > a && git add -A', 'echo b > b', '?? a\n?? b\n'],
  ['the first commit is the work', 'git init -q && echo a > a', commit, '?? a\n'],
  [
    'object names of SHA-256',
    `git init -q --object-format=sha256 && echo a > a && ${commit}`,
    'echo b >> a',
    ' M a\n',
  ],
  ['a detached HEAD', `${one}; git checkout -q --detach`, 'echo b > b', '?? b\n'],
  ['edits from before the start', `${one}; echo b > a; echo c > c`, 'echo d > d', ' M a\n?? c\n?? d\n'],
  [
    'what was only staged at the start',
    `${one}; echo s > s; git add s; git rm -q --cached a; echo t > t`,
    'echo b > b',
    '?? b\n?? s\n?? t\n',
  ],
  [
    'a submodule',
    `git init -q ../sub; (cd ../sub; echo s > s; ${commit}); git init -q; git -c protocol.file.allow=always submodule --quiet add ../sub sub; ${commit}`,
    'echo b > sub/b; echo c >> sub/s',
    '',
  ],
  [
    'a sparse checkout',
    `git init -q; mkdir d e; echo a > d/a; echo b > e/b; ${commit}; git sparse-checkout set d`,
    'echo n > d/n',
    '?? d/n\n',
  ],
  [
    'flags of the index',
    `git init -q; echo a > a; echo b > b; ${commit}`,
    'git update-index --assume-unchanged a; git update-index --skip-worktree b; echo x > a; echo y > b',
    ' M a\n M b\n',
  ],
  [
    'files that were gone at the start, flagged and not',
    `git init -q; for one in a b c d; do echo $one > $one; done; ${commit}; git update-index --assume-unchanged a; git update-index --skip-worktree b; git rm -q --cached c; rm a b c d`,
    'echo n > n',
    ' D a\n D c\n D d\n?? n\n',
  ],
  [
    'names that are no text',
    `git init -q; mkdir "$(printf 'd\\377')"; echo a > "$(printf 'd\\377/f\\376')"; ${commit}`,
    `echo c >> "$(printf 'd\\377/f\\376')"; echo b > "$(printf 'd\\377/g\\375')"; echo b > 'x\\x41y'; echo b > "$(printf 'n\\nl')"`,
    ' M "d\\377/f\\376"\n?? "d\\377/g\\375"\n?? "n\\nl"\n?? "x\\\\x41y"\n',
  ],
  [
    'a file for a directory and a directory for a file',
    `git init -q; echo a > a; mkdir d; echo x > d/x; ${commit}`,
    'rm a; mkdir a; echo y > a/y; rm -r d; echo d > d',
    ' D a\n D d/x\n?? a/y\n?? d\n',
  ],
  [
    'a link for a directory',
    `git init -q; mkdir d; echo x > d/x; ${commit}`,
    'mv d e; ln -s e d',
    ' D d/x\n?? d\n?? e/x\n',
  ],
  [
    'another case of a name',
    `git init -q; echo x > Readme; ${commit}`,
    'mv Readme README',
    ' D Readme\n?? README\n',
  ],
  [
    'filters, keywords and line ends',
    `git init -q; printf '*.t filter=nobody\\n*.i ident\\n*.c text eol=crlf\\n' > .gitattributes; echo t > a.t; echo '$Id$' > a.i; echo c > a.c; ${commit}; rm a.i a.c; git checkout -q .`,
    'echo b > b',
    '?? b\n',
  ],
  [
    'commits, branches and tags of the agent',
    one,
    `echo b >> a; git checkout -qb other; ${commit}; git commit -q --amend -m again; git branch -f main; git tag v9; git rebase -q --root; git gc -q --prune=now`,
    ' M a\n',
  ],
  [
    'a shallow clone',
    `git init -q ../o; (cd ../o; for n in 1 2 3; do echo $n > a; ${commit}; done); git clone -q --depth 1 "file://$PWD/../o" .`,
    'echo b > b',
    '?? b\n',
  ],
  [
    'a linked worktree',
    `git init -q ../m; (cd ../m; echo a > a; ${commit}; git worktree add -q ../w); cp -a ../w/.git ../w/a .; echo "$PWD/.git" > ../m/.git/worktrees/w/gitdir`,
    'echo b > b',
    '?? b\n',
  ],
]

test.each(sampleOf(shapes, 3))('a room holds the work: %s', async (_name, start, work, said) => {
  await withRoom(start, work, (rig) => {
    expect(contentOf(treeOf(rig))).toEqual(contentOf(rig.root))
    expect(sh(rig, status, treeOf(rig))).toBe(said)
  })
})

test('a room holds the work in repositories inside, and none of them', async () => {
  await withRoom(
    `${one}; git init -q in; (cd in; echo s > s; ${commit}; echo n > n)`,
    'echo c >> in/s; git init -q new; echo x > new/x',
    (rig) => {
      expect(contentOf(treeOf(rig))).toEqual(contentOf(rig.root))
      expect(sh(rig, status, treeOf(rig))).toBe('?? in/n\n?? in/s\n?? new/x\n')
    },
  )
})

test('a room without git holds every file but those of node_modules', async () => {
  await withRoom(
    'echo a > a; mkdir d; echo b > d/b; echo c > c; mkdir -p node_modules/x; echo x > node_modules/x/y',
    'echo b >> a; rm d/b; echo new > new',
    (rig) => expect(contentOf(treeOf(rig))).toEqual({ a: 'a\nb\n', c: 'c\n', new: 'new\n' }),
  )
})

test('a part of a repository has its surroundings around it', async () => {
  await withRig(async (rig) => {
    const { root } = rig
    sh(rig, `git init -q; mkdir a b; echo a > a/a; echo b > b/b; ${commit}`)
    Object.defineProperty(rig, 'root', { value: `${root}/a` })
    const baseline = await rig.baseline()
    sh(rig, 'echo c > c')
    const room = await enter(rig, baseline)
    expect(room).toMatchObject({ prefix: 'a/', top: root })
    expect(contentOf(treeOf(rig))).toEqual({ 'a/a': 'a\n', 'a/c': 'c\n', 'b/b': 'b\n' })
    expect([...room!.files.files].sort()).toEqual(['a', 'c'])
  })
})

test('what is no file and no link is in no room, nor a right beyond running', async () => {
  await withRoom(
    `git init -q; echo a > a; echo b > b; ${commit}`,
    'rm a; mkfifo a pipe; echo s > suid; chmod 6755 suid; ln b hard',
    (rig) => {
      expect(contentOf(treeOf(rig))).toEqual({ b: 'b\n', hard: 'b\n', suid: 'x s\n' })
      expect(sh(rig, 'stat -c %a suid; stat -c %h hard', treeOf(rig))).toBe('755\n1\n')
    },
  )
})

test('a file with holes takes no more room than it has', async () => {
  await withRoom(one, 'truncate -s 300G huge; truncate -s 1M holes; printf end >> holes', (rig) => {
    expect(sh(rig, 'stat -c %s huge; tail -c 3 holes; du -sm . | cut -f1', treeOf(rig))).toMatch(
      /^322122547200\nend[0-5]\n$/,
    )
  })
})

describe('what git ignores is in no room', () => {
  const ignoring = `git init -q; printf 'out\\n.env\\n' > .gitignore; mkdir out; echo then > out/then; echo then > .env; ${commit}`
  const named = [{ glob: '**' }, { path: 'out/now' }, { path: '.env' }, { glob: 'out/**' }]

  test('also where evidence names it', async () => {
    await withRig(async (rig) => {
      sh(rig, ignoring)
      const baseline = await rig.baseline(named)
      sh(rig, 'echo now > out/now; echo now > .env; echo now > new; echo now > out/then')
      const look = await lookOf(rig, baseline, { named })
      expect([...look.comparison.state.keys()]).toEqual(expect.arrayContaining(['.env', 'out/now']))
      await enter(rig, baseline, look)
      expect(Object.keys(contentOf(treeOf(rig))).sort()).toEqual(['.gitignore', 'new'])
    })
  })

  test('but what was work at the start stays in it under a new rule', async () => {
    await withRoom(`${one}; echo t > t.test`, 'echo t.test > .gitignore; echo new > new', (rig) =>
      expect(Object.keys(contentOf(treeOf(rig))).sort()).toEqual(['.gitignore', 'a', 'new', 't.test']),
    )
  })

  test('nor do installed packages become work by a rule of the agent', async () => {
    await withRoom(
      `git init -q; printf 'node_modules\n!test/**/node_modules\nout/\n' > .gitignore; mkdir -p node_modules/.bin out; echo x > node_modules/.bin/x; ${commit}`,
      [
        'echo "!node_modules" > .gitignore; echo "!node_modules" > out/.gitignore',
        'mkdir -p node_modules/.bin packages/a/node_modules/.bin test/f/node_modules/x',
        'for one in node_modules/.bin/x packages/a/node_modules/.bin/x test/f/node_modules/x/x out/x; do echo new > $one; done',
      ].join('\n'),
      (rig) =>
        expect(Object.keys(contentOf(treeOf(rig))).sort()).toEqual([
          '.gitignore',
          'out/.gitignore',
          'out/x',
          'test/f/node_modules/x/x',
        ]),
    )
  })
})
