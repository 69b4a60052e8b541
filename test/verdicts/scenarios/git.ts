import {
  type Scenario,
  agent,
  change,
  cheat,
  done,
  open,
  outside,
  project,
  scenario,
  task,
  unheld,
} from '../scenario.ts'

const { work } = project
const half = { commands: { check: ['grep', '-q', 'hi', 'src/greeting.txt'] } }
const submodule =
  'git init -q "$PLACE/lib"; (cd "$PLACE/lib"; echo one > a.txt; git add -A; git commit -qm one); ' +
  'git -c protocol.file.allow=always submodule --quiet add "$PLACE/lib" lib; git commit -qm lib'

/** Repositories in every shape, and what agents and people do with git in the middle of a run. Commits need full access. */
export const gitScenarios: readonly Scenario[] = [
  scenario('no git at all', { git: 'none' }, [open(/T1/), agent(work), done()]),
  scenario(
    'no git, a protected file',
    {
      git: 'none',
      tasks: [
        change('src/**'),
        { ...(task({ kind: 'pathUnchanged', path: 'README.md' }) as object), id: 'T2' },
      ],
    },
    [
      agent(`${work}; echo x >> README.md`),
      open(/README\.md/),
      agent("printf '# greeting\\n' > README.md"),
      done(),
    ],
  ),
  scenario('git init during the run', { git: 'none' }, [
    open(),
    outside(`${work}; git init -q -b main; git add -A; git commit -qm start`),
    done(),
  ]),
  scenario('git without a commit', { git: 'unborn' }, [open(/T1/), agent(work), done()]),
  scenario('the first commit during the run', { git: 'unborn', config: half }, [
    outside('git add -A; git commit -qm first'),
    open(/T1/),
    outside('echo hi there > src/greeting.txt; git commit -qam second'),
    done(),
  ]),
  scenario('a detached HEAD', { before: 'git checkout -q --detach' }, [open(), agent(work), done()]),
  scenario('a linked worktree', { before: 'git worktree add -q ../tree -b side', workspace: 'tree' }, [
    open(),
    agent(work),
    done(),
  ]),
  scenario(
    'work in the main tree, a run in a linked one',
    { before: 'git worktree add -q ../tree -b side', workspace: 'tree', config: half },
    [outside('echo hi > ../repo/src/new.txt'), open(/T1/), agent('echo hi > src/new.txt'), done()],
  ),
  scenario('the agent commits its work', {}, [outside(`${work}; git add -A; git commit -qm done`), done()]),
  scenario('staged and not committed', {}, [outside(`${work}; git add -A`), done()]),
  scenario('staged, but no longer in the work tree', { config: half }, [
    outside('echo hi new > src/greeting.txt; git add -A; printf "hi\\n" > src/greeting.txt'),
    open(/T1/),
  ]),
  scenario('an empty commit', { config: half }, [
    outside('git commit -q --allow-empty -m done'),
    cheat(/T1/),
  ]),
  scenario('a commit that is reverted', { config: half }, [
    outside('echo hi2 > src/greeting.txt; git commit -qam work; git revert --no-edit HEAD'),
    cheat(/T1/),
  ]),
  scenario('work that is stashed, then taken out again', {}, [
    outside(`${work}; git stash -q`),
    open(/T1/),
    outside('git stash pop -q'),
    done(),
  ]),
  scenario('git reset --hard', {}, [
    outside(`${work}; git commit -qam x; git reset -q --hard HEAD~1`),
    open(/T1/),
  ]),
  scenario('a new branch with the work', {}, [
    outside(`git switch -qc feature; ${work}; git commit -qam x`),
    done(),
  ]),
  scenario('the work is on another branch, the tree is not', {}, [
    outside(`git switch -qc feature; ${work}; git commit -qam x; git switch -q main`),
    open(/T1/),
    outside('git switch -q feature'),
    done(),
  ]),
  scenario(
    'a rebase under the work',
    {
      before:
        'git switch -qc feature; echo f > f.txt; git add -A; git commit -qm f; git switch -q main; echo m > m.txt; git add -A; git commit -qm m; git switch -q feature',
    },
    [
      outside('git rebase -q main'),
      open(/T1/),
      outside(`${work}; git commit -qam work; git rebase -q main`),
      done(),
    ],
  ),
  scenario(
    'a rebase that stands still in a conflict',
    {
      before:
        'git switch -qc feature; echo f > src/x.txt; git add -A; git commit -qm f; git switch -q main; echo m > src/x.txt; git add -A; git commit -qm m; git switch -q feature',
      config: half,
    },
    [outside('git rebase -q main || true'), agent('echo hi both > src/greeting.txt'), done()],
  ),
  scenario(
    'a merge of the work',
    { before: `git switch -qc feature; ${work}; git commit -qam x; git switch -q main` },
    [open(), outside('git merge -q feature'), done()],
  ),
  scenario('amended and repacked history', {}, [
    outside('git commit -q --amend -m other; git gc -q --prune=now'),
    open(/T1/),
    outside(`${work}; git commit -qam x; git gc -q --prune=now`),
    done(),
  ]),
  scenario(
    'a submodule: untouched, edited inside, put back',
    { before: submodule, config: half, tasks: [change('lib/**')] },
    [open(), agent('echo two > lib/a.txt'), done()],
  ),
  scenario(
    'a submodule on another commit',
    {
      before: `${submodule}; (cd "$PLACE/lib"; echo two > a.txt; git commit -qam two)`,
      config: half,
      tasks: [change('lib')],
    },
    [open(), outside('cd lib; git pull -q'), done()],
  ),
  scenario(
    'a submodule that must stay is edited',
    {
      before: submodule,
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', glob: 'lib/**' })],
    },
    [agent(`${work}; echo two > lib/a.txt`), cheat(/lib\/a\.txt/), agent('echo one > lib/a.txt'), done()],
  ),
  scenario('a nested repository that the agent makes', { config: half }, [
    agent('mkdir src/inner; cd src/inner; git init -q .; echo hi > a.txt'),
    done(),
  ]),
  scenario(
    'line ends: converted by git, not changed',
    {
      before:
        "git config core.autocrlf true; printf 'hi\\r\\n' > src/greeting.txt; git status --short > /dev/null",
      config: half,
    },
    [
      open(),
      agent("printf 'hi\\n' > src/greeting.txt"),
      open(/T1/),
      agent("printf 'hi there\\r\\n' > src/greeting.txt"),
      done(),
    ],
  ),
  scenario('line ends: a real change where nothing converts', { config: half }, [
    agent("printf 'hi\\r\\n' > src/greeting.txt"),
    done(),
  ]),
  scenario(
    'a clean filter hides nothing',
    {
      before:
        "printf 'src/*.txt filter=same\\n' > .gitattributes; git add -A; git commit -qm a; git config filter.same.clean 'echo hi'; git config filter.same.smudge cat",
      tasks: [task({ kind: 'pathChanged', glob: 'docs/**' }, { kind: 'pathUnchanged', glob: 'src/**' })],
      config: half,
    },
    [agent('mkdir docs; echo x > docs/a; echo hi hidden > src/greeting.txt'), cheat(/src\/greeting\.txt/)],
  ),
  scenario(
    'assume-unchanged and skip-worktree hide nothing',
    {
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', glob: '*.md' })],
      files: { ...project.files, 'OTHER.md': 'x\n' },
    },
    [
      outside(
        `${work}; git update-index --assume-unchanged README.md; git update-index --skip-worktree OTHER.md; echo x >> README.md`,
      ),
      cheat(/README\.md/),
      outside("printf '# greeting\\n' > README.md; echo y > OTHER.md"),
      cheat(/OTHER\.md/),
    ],
  ),
  scenario(
    '.git/info/exclude and a global ignore hide nothing',
    {
      config: half,
      known: { spool: 'a request is taken in at the next hook, with the ignore rules of then' },
    },
    [
      outside(
        "echo 'src/' >> .git/info/exclude; git config core.excludesFile /dev/stdin; echo hi > src/new.txt",
      ),
      done(),
    ],
  ),
  scenario('fsmonitor, hooks and aliases of the repository are not run', {}, [
    outside(
      `printf '#!/bin/sh\\ntouch "$PLACE/RAN"\\n' > .git/hooks/post-index-change; chmod +x .git/hooks/post-index-change; git config core.fsmonitor "touch $PLACE/RAN; false"; git config core.hooksPath .git/hooks; git config alias.status '!touch RAN'; rm -f "$PLACE/RAN"`,
    ),
    open(/T1/),
    agent(work),
    done(),
    outside('test ! -e "$PLACE/RAN"'),
  ]),
  scenario(
    '.git taken away',
    { known: { spool: 'a request that cannot be taken in is refused with one block, and is then gone' } },
    [outside(`${work}; mv .git ../gone`), cheat(/git/), outside('mv ../gone .git'), done()],
  ),
  scenario(
    'a sparse checkout',
    {
      files: { ...project.files, 'big/a.txt': 'x\n', 'big/b.txt': 'x\n' },
      before: 'git sparse-checkout set src >/dev/null; git sparse-checkout add .codex',
    },
    [open(), agent(work), done()],
  ),
  scenario(
    'sparse checkout as an excuse for a removal',
    { tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', path: 'README.md' })] },
    [outside(`${work}; git update-index --skip-worktree README.md; rm README.md`), cheat(/README\.md/)],
  ),
  scenario('a session in a subdirectory', { cwd: 'src' }, [
    open(),
    agent("printf 'hello\\n' > greeting.txt"),
    done(),
  ]),
  scenario(
    'a repository in a repository that ignores it',
    {
      before:
        'mkdir -p inner; cp -r .codex src README.md inner/; echo inner/ > .gitignore; git add -A; git commit -qm ignore; cd inner; git init -q -b main; git add -A; git commit -qm inner',
      workspace: 'repo/inner',
    },
    [open(), agent(work), done()],
  ),
  scenario('a second session in the repository is left alone', {}, [
    { do: 'session', name: 'second' },
    unheld(),
    agent(work),
    unheld(),
    { do: 'session', name: 'first' },
    done(),
  ]),
  scenario('two sessions with a run each', {}, [
    { do: 'session', name: 'second' },
    { do: 'arm' },
    open(),
    { do: 'session', name: 'first' },
    open(),
    agent(work),
    done(),
    { do: 'prompt', text: 'thanks' },
    unheld(),
    { do: 'session', name: 'second' },
    done(),
    { do: 'prompt', text: 'thanks' },
    unheld(),
  ]),
]
