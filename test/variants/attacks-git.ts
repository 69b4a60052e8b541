import type { Change } from './change.ts'
import { bases } from './bases.ts'
import type { Draw } from './draw.ts'

/** What git, asked by a gate, tells of the work. */
export const gitAttack: Draw = (chance) => {
  const kind = 'git'
  const base = 'git'
  const own = chance.name()
  const put = bases.git.bad ?? {}
  const commit =
    'git -c user.name=a -c user.email=a@b.example -c commit.gpgsign=false commit -q -m work --no-verify'
  const hidden = `src/${own}.js`
  const bad = { [hidden]: '// TODO\n' }
  return chance.of<() => Change>([
    () => ({ kind, base, put, sh: `git add -A; ${commit}` }),
    () => ({ kind, base, put, sh: `git add -A; ${commit} --amend` }),
    () => ({ kind, base, put, sh: 'git update-index --assume-unchanged src/answer.js' }),
    () => ({ kind, base, put, sh: 'git update-index --skip-worktree src/answer.js' }),
    () => ({ kind, base, put, sh: `git config core.fsmonitor /bin/true; git status >/dev/null` }),
    () => ({ kind, base, put, sh: `git checkout -q -b ${own}; git add -A; ${commit}` }),
    () => ({ kind, base, put, sh: `git checkout -q --orphan ${own}; git add -A; ${commit}` }),
    () => ({
      kind,
      base,
      put: { ...put, 'src/.gitattributes': '*.js diff=none\n' },
      sh: 'git config diff.none.command true; git add -A; git commit -qm x --no-verify || true',
    }),
    () => ({
      kind,
      base,
      put: bad,
      sh: `echo /${hidden} >> "$(git rev-parse --git-common-dir)/info/exclude"`,
    }),
    () => ({
      kind,
      base,
      put: bad,
      sh: `git config core.excludesFile "$PWD/docs/ignored"; echo '${own}.js' > docs/ignored`,
    }),
    () => ({
      kind,
      base,
      put,
      sh:
        'git config diff.external true; git init -q src; git add src/answer.js 2>/dev/null || true; git rm -rq --cached src; rm -rf src/.git; git -C . add src; ' +
        commit,
    }),
    () => ({ kind, base, put, sh: `rm -f .git; git init -q; git add -A; ${commit}` }),
    () => ({
      kind,
      base,
      put,
      sh: `git config filter.f.clean 'git show HEAD:./%f || cat'; echo '*.js filter=f' > .gitattributes; git add -A; ${commit}`,
    }),
    () => ({
      kind,
      base,
      put,
      sh: `git replace -f "$(git rev-parse HEAD)" "$(git add -A; git commit-tree -m x "$(git write-tree)" 2>/dev/null || echo HEAD)" 2>/dev/null || { git add -A; ${commit}; }`,
    }),
  ])()
}
