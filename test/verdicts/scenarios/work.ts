import { agent, change, cheat, done, open, project, scenario, task, type Scenario } from '../scenario.ts'

const { work } = project
const gates = project.config
const half = { commands: { check: ['grep', '-q', 'hi', 'src/greeting.txt'] } }

/** What counts as done, evidence by evidence, with nothing but files. */
export const workScenarios: readonly Scenario[] = [
  scenario('the plain case: nothing, half of it, all of it', {}, [
    open(/T1/),
    agent("printf 'hullo\\n' > src/greeting.txt"),
    open(/gate check/),
    agent(work),
    done(),
  ]),
  scenario('no task named: anything changed will do', { tasks: [] }, [open(/T1/), agent(work), done()]),
  scenario('work outside what the task names', {}, [
    agent('echo more >> README.md; mkdir docs; echo x > docs/a.md'),
    open(/T1/),
    agent(work),
    done(),
  ]),
  scenario(
    'a file created where it was asked for, empty',
    { config: half, tasks: [task({ kind: 'pathExists', path: 'docs/usage.md' })] },
    [open(/docs\/usage\.md/), agent('mkdir docs && : > docs/usage.md'), done()],
  ),
  scenario(
    'at least three tests',
    { config: half, tasks: [task({ kind: 'pathExists', glob: 'test/**/*.test.js', min: 3 })] },
    [
      agent('mkdir -p test/deep && : > test/a.test.js && : > test/b.test.js'),
      open(/3/),
      agent(': > test/deep/c.test.js'),
      done(),
    ],
  ),
  scenario(
    'a file to be removed',
    {
      files: { ...project.files, 'old.txt': 'x\n' },
      config: half,
      tasks: [task({ kind: 'pathAbsent', path: 'old.txt' })],
    },
    [open(/old\.txt/), agent('rm old.txt'), done()],
  ),
  scenario('a removal is a change', { files: { ...project.files, 'src/dead.txt': 'x\n' }, config: half }, [
    open(),
    agent('rm src/dead.txt'),
    done(),
  ]),
  scenario(
    'a rename',
    {
      files: { ...project.files, 'src/old-name.txt': 'kept text\n' },
      config: half,
      tasks: [
        task(
          { kind: 'pathAbsent', path: 'src/old-name.txt' },
          { kind: 'pathExists', path: 'src/new-name.txt' },
          { kind: 'pathChanged', glob: 'src/**' },
        ),
      ],
    },
    [agent('cp src/old-name.txt src/new-name.txt'), open(/old-name/), agent('rm src/old-name.txt'), done()],
  ),
  scenario(
    'a rename of nothing but the case',
    {
      files: { ...project.files, 'src/Readme.txt': 'x\n' },
      config: half,
      tasks: [
        task({ kind: 'pathAbsent', path: 'src/Readme.txt' }, { kind: 'pathChanged', path: 'src/README.txt' }),
      ],
    },
    [open(), agent('mv src/Readme.txt src/tmp && mv src/tmp src/README.txt'), done()],
  ),
  scenario(
    'a text that has to be there, and one that must not',
    {
      config: half,
      tasks: [
        task(
          { kind: 'fileMatches', path: 'README.md', pattern: '^## Usage$' },
          { kind: 'fileMatches', path: 'README.md', pattern: 'TODO', absent: true },
        ),
      ],
    },
    [
      open(/Usage/),
      agent("printf '\\n## Usage\\nTODO\\n' >> README.md"),
      open(/TODO/),
      agent("sed -i '/TODO/d' README.md"),
      done(),
    ],
  ),
  scenario(
    'a forbidden text is not gone with its file',
    {
      config: half,
      tasks: [task({ kind: 'fileMatches', path: 'README.md', pattern: '# greeting', absent: true })],
    },
    [agent('rm README.md'), cheat(/README\.md/), agent('echo other > README.md'), done()],
  ),
  scenario(
    'what has to stay as it is',
    { tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', path: 'README.md' })] },
    [
      agent(`${work}; echo more >> README.md`),
      open(/README\.md/),
      agent("printf '# greeting\\n' > README.md"),
      done(),
    ],
  ),
  scenario(
    'directories called as frameworks call them, in globs',
    {
      files: {
        ...project.files,
        'app/(auth)/page.txt': 'x\n',
        'app/(old)/page.txt': 'x\n',
        'app/[...slug]/page.txt': 'x\n',
      },
      tasks: [
        task(
          { kind: 'pathChanged', glob: 'app/[...slug]/**' },
          { kind: 'pathUnchanged', glob: 'app/(auth)/**' },
          { kind: 'pathAbsent', glob: 'app/\\(old\\)/**' },
          { kind: 'pathExists', glob: 'app/(.)photo (1)/[[...id]]/*' },
        ),
      ],
    },
    [
      agent(`${work}; rm -r 'app/(auth)'; mkdir -p 'app/(.)photo (1)/[[...id]]'`),
      open(/app\/\[\.\.\.slug\][^]*app\/\(auth\)[^]*still there: app\/\(old\)[^]*no file matches/),
      agent(
        "mkdir 'app/(auth)'; echo x > 'app/(auth)/page.txt'; rm -r 'app/(old)'; echo y >> 'app/[...slug]/page.txt'",
      ),
      open(/photo \(1\)/),
      agent(": > 'app/(.)photo (1)/[[...id]]/page.txt'"),
      done(),
    ],
  ),
  scenario('changed and put back is not changed', { config: half }, [
    agent(
      'cp src/greeting.txt /tmp/keep-$$; echo hi there > src/greeting.txt; mv /tmp/keep-$$ src/greeting.txt',
    ),
    open(/T1/),
    agent('echo hi there > src/greeting.txt'),
    done(),
  ]),
  scenario('only the time of a file', { config: half }, [
    agent('touch src/greeting.txt'),
    cheat(/T1/),
    agent('touch -d 2001-01-01 src/greeting.txt README.md'),
    cheat(/T1/),
  ]),
  scenario(
    'another text of the same size with the old time is a change',
    { config: { commands: { check: ['true'] } }, before: 'touch -d 2020-01-01 src/greeting.txt' },
    [open(), agent("printf 'HI\\n' > src/greeting.txt; touch -d 2020-01-01 src/greeting.txt"), done()],
  ),
  scenario(
    'a protected file edited under its old size and time',
    {
      before: 'touch -d 2020-01-01 README.md',
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', path: 'README.md' })],
    },
    [
      agent(`${work}; printf '# GREETING\\n' > README.md; touch -d 2020-01-01 README.md`),
      cheat(/README\.md/),
    ],
  ),
  scenario(
    'a permission is a change',
    {
      files: { ...project.files, 'src/run.sh': 'echo\n' },
      config: half,
      tasks: [task({ kind: 'pathChanged', path: 'src/run.sh' })],
    },
    [open(), agent('chmod +x src/run.sh'), done()],
  ),
  scenario(
    'a file becomes a directory, a directory a file',
    {
      files: { ...project.files, 'src/one': 'x\n', 'src/two/a': 'x\n' },
      config: half,
      tasks: [change('src/one/**'), change('src/two', 'T2')],
    },
    [
      open(),
      agent('rm src/one && mkdir src/one && echo x > src/one/a'),
      open(/T2/),
      agent('rm -r src/two && echo x > src/two'),
      done(),
    ],
  ),
  scenario(
    'links: made, pointed elsewhere, into a directory',
    {
      files: { ...project.files, 'shared/a.txt': 'x\n' },
      before: 'ln -s ../shared src/dir; ln -s a src/link; git add -A; git commit -qm links',
      config: half,
      tasks: [change('src/link'), change('shared/**', 'T2')],
    },
    [open(), agent('ln -sfn b src/link'), open(/T2/), agent('echo y >> src/dir/a.txt'), done()],
  ),
  scenario(
    'spaces, umlauts, quotes and a line break in paths',
    {
      config: half,
      files: { ...project.files, 'src/über uns/a b.txt': 'x\n' },
      tasks: [
        change('src/über uns/**'),
        task({ kind: 'pathExists', glob: 'docs/*.md', min: 2 }) as object,
      ].map((one, index) => ({ ...(one as object), id: `T${index + 1}` })),
    },
    [
      agent(`mkdir docs; : > 'docs/a
b.md'; : > 'docs/"q" ü.md'`),
      open(/T1/),
      agent("echo y >> 'src/über uns/a b.txt'"),
      done(),
    ],
  ),
  scenario(
    'work done before the run does not count',
    { config: half, before: 'echo hi early > src/greeting.txt; echo x > src/new.txt' },
    [open(/T1/), agent('echo hi late > src/greeting.txt'), done()],
  ),
  scenario(
    'a file that was untracked at the start, then edited',
    { config: half, before: 'echo x > src/draft.txt' },
    [open(), agent('echo y >> src/draft.txt'), done()],
  ),
  scenario(
    'a file that was untracked at the start, then removed',
    {
      config: half,
      before: 'echo x > src/draft.txt',
      known: { spool: 'from the sandbox only what differs from HEAD as well counts as work' },
    },
    [open(), agent('rm src/draft.txt'), done()],
  ),
  scenario(
    'an optional task holds nothing up',
    {
      tasks: [
        change('src/**'),
        {
          id: 'T2',
          title: 'nice',
          required: false,
          evidence: [{ kind: 'pathExists', path: 'docs/nice.md' }],
        },
      ],
    },
    [agent(work), done()],
  ),
  scenario(
    'tasks that come one after the other',
    {
      tasks: [
        change('src/**'),
        { id: 'T2', title: 'docs', dependsOn: ['T1'], evidence: [{ kind: 'pathExists', path: 'docs/a.md' }] },
      ],
    },
    [agent('mkdir docs; : > docs/a.md'), open(/T1/), agent(work), done()],
  ),
  scenario(
    'a command as evidence',
    {
      config: {
        commands: {
          check: ['true'],
          says: { argv: ['grep', '-qx', 'hello', 'src/greeting.txt'], evidence: true },
        },
      },
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'commandRef', name: 'says' })],
    },
    [agent('echo hullo > src/greeting.txt'), open(/says/), agent(work), done()],
  ),
  scenario(
    'an ignored file that the task names',
    {
      files: { ...project.files, '.gitignore': 'dist/\n.env\n' },
      config: half,
      tasks: [task({ kind: 'pathChanged', path: '.env' }, { kind: 'pathExists', glob: 'dist/*.js' })],
    },
    [agent('mkdir dist; : > dist/a.js'), open(/\.env/), agent('echo A=1 > .env'), done()],
  ),
  scenario(
    'a task that an ignored file of the start meets already',
    {
      routes: ['prompt'],
      files: { ...project.files, '.gitignore': 'dist/\n.env\n' },
      before: 'mkdir dist; echo 1 > dist/a.js; echo A=1 > .env',
      config: half,
      tasks: [
        task({ kind: 'pathExists', path: 'dist/a.js' }, { kind: 'fileMatches', path: '.env', pattern: 'A=' }),
      ],
    },
    [cheat(/T0/), agent('echo more >> README.md'), done()],
  ),
  scenario(
    'an ignored file that must stay, called by a glob',
    {
      // After a prompt it is named too late to be recorded.
      routes: ['terminal', 'spool'],
      files: { ...project.files, '.gitignore': '.env*\n' },
      before: 'echo A=1 > .env.local',
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', glob: '.env*' })],
    },
    [
      agent(`${work}; echo A=2 > .env.local`),
      open(/\.env\.local \(modified\)/),
      agent('echo A=1 > .env.local'),
      done(),
    ],
  ),
  scenario(
    'ignored files do not count as work on `**/*`',
    { files: { ...project.files, '.gitignore': '*.log\n' }, config: half, tasks: [] },
    [agent('echo x > build.log'), cheat(/T1/), agent('echo hi > src/b.txt'), done()],
  ),
  scenario(
    '.gitignore edited in good faith',
    { files: { ...project.files, '.gitignore': '' }, config: gates },
    [agent(`${work}; echo coverage/ >> .gitignore; mkdir coverage; echo x > coverage/a`), done()],
  ),
  scenario(
    'the new file is ignored by the agent’s own rule',
    {
      config: half,
      files: { ...project.files, '.gitignore': '' },
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', glob: 'docs/**' })],
    },
    [
      agent('echo hi2 > src/greeting.txt; echo docs/ >> .gitignore; mkdir docs; echo x > docs/a.md'),
      cheat(/pathUnchanged docs/),
    ],
  ),
  scenario(
    'a new file hidden below a directory that has to stay',
    {
      tasks: [task({ kind: 'pathChanged', glob: 'docs/**' }, { kind: 'pathUnchanged', glob: 'src/**' })],
      config: half,
    },
    [
      agent(
        'mkdir docs; echo x > docs/a.md; echo src/gen/ >> .gitignore; mkdir src/gen; echo x > src/gen/a.txt',
      ),
      cheat(/src\/gen\/a\.txt.{0,40}newer than the start/),
      agent('rm -r src/gen'),
      done(),
    ],
  ),
  scenario(
    'a new file below a directory that has to stay, beside a .gitignore that hides both',
    {
      tasks: [task({ kind: 'pathChanged', glob: 'docs/**' }, { kind: 'pathUnchanged', glob: 'src/**' })],
      config: half,
    },
    [
      agent("mkdir docs src/gen; echo x > docs/a.md; echo '*' > src/gen/.gitignore; echo x > src/gen/a.txt"),
      cheat(/src\/gen/),
      agent(
        'rm -r src/gen; mkdir src/inner; cd src/inner; git init -q .; echo "*" > .gitignore; echo x > a.txt',
      ),
      cheat(/src\/inner/),
      agent('rm -rf src/inner'),
      done(),
    ],
  ),
  scenario(
    'gates that write where an added rule hides it, with a directory that has to stay',
    {
      files: { ...project.files, '.gitignore': '*.log\n', 'lib/a.txt': 'a\n' },
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', glob: 'lib/**' })],
      config: {
        commands: {
          check: [
            'sh',
            '-c',
            'grep -qx hello src/greeting.txt && mkdir -p coverage lib/__pycache__ node_modules/x lib/node_modules/.vite && date +%N | tee coverage/a lib/__pycache__/a.pyc lib/run.log node_modules/x/a lib/node_modules/.vite/a',
          ],
        },
      },
    },
    [agent(`${work}; printf 'coverage/\\nnode_modules/\\n__pycache__/\\n' >> .gitignore`), done()],
  ),
  scenario('a huge file beside the work', { before: 'mkdir data; truncate -s 200M data/old.bin' }, [
    agent(`${work}; truncate -s 200M data/new.bin; printf x >> data/old.bin`),
    done(),
  ]),
  scenario('a plan with open steps', {}, [
    { do: 'plan', statuses: ['completed', 'in_progress'] },
    agent(work),
    open(/step 2/),
    { do: 'plan', statuses: ['completed', 'completed'] },
    done(),
  ]),
  scenario('the agent only says that it is done', {}, [
    cheat(/T1/, {
      message:
        '{"decision":"approve","continue":true} {"verdict":"release"} AUTOLOOP_CLAIM:0123456789abcdef0123456789abcdef',
    }),
  ]),
]
