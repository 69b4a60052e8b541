import {
  type Scenario,
  agent,
  change,
  cheat,
  done,
  open,
  project,
  scenario,
  task,
  waits,
} from '../scenario.ts'

const { work } = project
const check = ['grep', '-qx', 'hello', 'src/greeting.txt'] as const
const sh = (script: string): string[] => ['sh', '-c', script]
/** The usual check, and one more gate. */
const gates = (more: unknown, policy: object = {}) => ({ commands: { check, more }, policy })
const ignoring = (...names: string[]) => ({ ...project.files, '.gitignore': `${names.join('\n')}\n` })

/** Gates as honest projects have them: they write, need things, fail now and then. */
export const gateScenarios: readonly Scenario[] = [
  scenario(
    'a build into an ignored directory',
    {
      files: ignoring('dist/'),
      config: gates(sh('mkdir -p dist && date +%N > dist/a.js')),
      tasks: [change('src/**'), { ...(task({ kind: 'pathExists', glob: 'src/*.txt' }) as object), id: 'T2' }],
    },
    [open(), agent(work), done()],
  ),
  scenario(
    'a build that is committed, the same every time',
    { config: gates(sh('mkdir -p dist && cp src/greeting.txt dist/out.txt')) },
    [agent(work), done()],
  ),
  scenario(
    'a build into a directory that a task names',
    {
      files: ignoring('dist/'),
      config: { commands: { build: sh('mkdir -p dist && cp src/greeting.txt dist/out.txt') } },
      tasks: [task({ kind: 'pathChanged', path: 'dist/out.txt' })],
    },
    [open(/dist/), agent(`${work}; mkdir -p dist && cp src/greeting.txt dist/out.txt`), done()],
  ),
  scenario(
    'what a cheap gate writes is nobody’s work',
    {
      files: { ...project.files, 'src/other.txt': 'two  blanks\n' },
      config: {
        commands: { check: ['true'], fmt: sh("sed -i 's/  / /' src/other.txt; date +%N > src/cache.txt") },
        gateProfiles: { fast: ['fmt'], final: ['check'] },
      },
    },
    [open(/T1/), cheat(/only a gate wrote src\/cache\.txt, src\/other\.txt/), agent(work), done()],
  ),
  scenario(
    'a formatter over work that was begun',
    {
      files: { ...project.files, 'docs/a.md': 'a\n' },
      config: {
        commands: { check, fmt: sh("sed -i 's/ *$//' src/greeting.txt") },
        gateProfiles: { fast: ['fmt'], final: ['fmt', 'check'] },
      },
      tasks: [change('src/**'), { ...(change('docs/**') as object), id: 'T2' }],
    },
    [agent("printf 'hello  \\n' > src/greeting.txt"), open(/T2/), agent('echo more >> docs/a.md'), done()],
  ),
  scenario(
    'a file that a gate made first and the agent makes then',
    {
      config: {
        commands: { check, api: sh('mkdir -p docs && cp src/greeting.txt docs/api.txt') },
        gateProfiles: { fast: ['api'], final: ['check', 'api'] },
      },
      tasks: [task({ kind: 'pathChanged', path: 'docs/api.txt' })],
    },
    [
      agent(work),
      open(/docs\/api\.txt/),
      open(/only a gate wrote docs\/api\.txt/),
      agent('cp src/greeting.txt docs/api.txt'),
      done(),
    ],
  ),
  scenario(
    'a gate shows the next one another workspace',
    {
      config: {
        commands: {
          unit: ['find', 'test', '-name', '*.unit', '-exec', 'sh', '{}', ';'],
          check,
          e2e: ['find', 'test', '-name', '*.e2e', '-exec', 'sh', '{}', ';'],
        },
      },
    },
    [
      agent('echo wrong > src/greeting.txt; mkdir test'),
      open(/check/),
      agent(
        "echo 'echo hello > src/greeting.txt' > test/a.unit; echo 'echo wrong > src/greeting.txt' > test/a.e2e",
      ),
      cheat(/src\/greeting\.txt/),
      agent(`rm test/a.*; ${work}`),
      done(),
    ],
  ),
  scenario(
    'a gate exchanges what the next one means',
    {
      files: {
        ...project.files,
        'scripts/lint.sh': 'exec grep -qx hello src/greeting.txt\n',
        'test/ok': '',
      },
      config: {
        commands: {
          unit: ['find', 'test', '-name', '*.unit', '-exec', 'sh', '{}', ';'],
          lint: ['sh', 'scripts/lint.sh'],
        },
      },
    },
    [
      agent(
        'echo wrong > src/greeting.txt; cp scripts/lint.sh test/kept; echo "echo \'cp test/kept scripts/lint.sh\' > scripts/lint.sh" > test/a.unit',
      ),
      cheat(/scripts\/lint\.sh/, { expect: ['block', 'park'] }),
    ],
  ),
  scenario(
    'two gates at once, of which one shows the other another workspace',
    {
      config: {
        commands: {
          unit: { argv: ['find', 'test', '-name', '*.unit', '-exec', 'sh', '{}', ';'], parallel: true },
          check: { argv: sh('sleep 1; exec grep -qx hello src/greeting.txt'), parallel: true },
        },
      },
    },
    [
      agent(
        "echo wrong > src/greeting.txt; mkdir test; echo 'echo hello > src/greeting.txt; sleep 3; echo wrong > src/greeting.txt' > test/a.unit",
      ),
      cheat(/src\/greeting\.txt/),
    ],
  ),
  scenario('a gate that writes something else every time', { config: gates(sh('date +%N > report.txt')) }, [
    agent(work),
    open(/report\.txt/),
  ]),
  scenario(
    'the same, covered by gateWrites',
    { config: gates(sh('date +%N > report.txt'), { gateWrites: ['report.txt'] }) },
    [agent(work), done()],
  ),
  scenario(
    'coverage that is ignored',
    { files: ignoring('coverage'), config: gates(sh('mkdir -p coverage && date +%N > coverage/lcov.info')) },
    [agent(work), done()],
  ),
  scenario(
    'coverage that is not ignored, covered by a directory in gateWrites',
    { config: gates(sh('mkdir -p coverage && date +%N > coverage/lcov.info'), { gateWrites: ['coverage'] }) },
    [agent(work), done()],
  ),
  scenario(
    'snapshots written the first time',
    {
      config: gates(
        sh(
          'mkdir -p test/__snapshots__; test -e test/__snapshots__/a || cp src/greeting.txt test/__snapshots__/a; cmp -s src/greeting.txt test/__snapshots__/a',
        ),
      ),
    },
    [agent(work), done()],
  ),
  scenario('a formatter in the gate', { config: gates(sh("sed -i 's/ *$//' src/*.txt")) }, [
    agent(`${work}; printf 'trailing   \\n' > src/b.txt`),
    done(),
  ]),
  scenario(
    'a formatter that never comes to rest',
    { config: gates(sh('echo "// formatted" >> src/b.txt')) },
    [agent(`${work}; echo b > src/b.txt`), open(/src\/b\.txt/)],
  ),
  scenario(
    'a gate that touches and rewrites the same bytes',
    { config: gates(sh('touch src/*; cp src/greeting.txt x; rm src/greeting.txt; mv x src/greeting.txt')) },
    [agent(work), done()],
  ),
  scenario(
    'a gate that asks git',
    { config: gates(sh('git status --porcelain > /dev/null && git log -1 > /dev/null && git diff --stat')) },
    [agent(work), done()],
  ),
  scenario(
    'a server on loopback, allowed',
    {
      config: gates({ argv: ['node', 'test/server.js'], network: true }),
      files: {
        ...project.files,
        'test/server.js':
          "const s = require('net').createServer().listen(0, '127.0.0.1', () => require('net').connect(s.address().port, '127.0.0.1', () => process.exit(0)))\ns.on('error', (e) => { console.error(e.code); process.exit(1) })\n",
      },
    },
    [agent(work), done()],
  ),
  scenario(
    'a server on loopback, not allowed',
    {
      config: gates({ argv: ['node', 'test/server.js'] }),
      files: {
        ...project.files,
        'test/server.js':
          "require('net').createServer().on('error', (e) => { console.error('listen', e.code); process.exit(1) }).listen(0, '127.0.0.1', () => process.exit(0))\n",
      },
    },
    [agent(work), open(/listen EPERM/)],
  ),
  scenario(
    'a cache of a known tool',
    {
      before: 'mkdir -p "$HOME/.cache/pip/http-v2"',
      config: gates(sh('date > "$HOME/.cache/pip/http-v2/x"')),
    },
    [agent(work), done()],
  ),
  scenario(
    'a cache nobody approved',
    { before: 'mkdir -p "$HOME/.own-cache"', config: gates(sh('date > "$HOME/.own-cache/x"')) },
    [agent(work), open(/more/)],
  ),
  scenario(
    'a cache that was approved',
    {
      before: 'mkdir -p "$HOME/.own-cache"',
      config: gates({ argv: sh('date > "$HOME/.own-cache/x"'), writable: ['~/.own-cache'] }),
    },
    [agent(work), done()],
  ),
  scenario('temporary files', { config: gates(sh('f=$(mktemp) && echo x > "$f" && rm "$f"')) }, [
    agent(work),
    done(),
  ]),
  scenario(
    'type checks fail while tasks are open',
    {
      config: {
        commands: { check, types: sh('! grep -q TYPE-ERROR src/*.txt') },
        gateProfiles: { fast: ['types'], final: ['types', 'check'] },
      },
      tasks: [change('src/**'), { ...(task({ kind: 'pathExists', path: 'docs/a.md' }) as object), id: 'T2' }],
    },
    [
      agent(`${work}; echo TYPE-ERROR > src/b.txt`),
      open(/gate types/),
      agent('mkdir docs; : > docs/a.md'),
      open(/gate types/),
      agent('rm src/b.txt'),
      done(),
    ],
  ),
  scenario(
    'a flaky gate',
    {
      files: ignoring('runs/'),
      config: gates(sh('mkdir -p runs; echo x >> runs/n; test $(wc -l < runs/n) -ge 2')),
    },
    [agent(work), open(/more/), done()],
  ),
  scenario(
    'a gate that hangs',
    { config: gates({ argv: sh('exec tail -f /dev/null'), timeoutSeconds: 1 }) },
    [agent(work), open(/timeout|time out|timed out|longer than/i)],
  ),
  scenario('a gate that leaves a daemon behind', { config: gates(sh('tail -f /dev/null & exit 0')) }, [
    agent(work),
    done(),
  ]),
  scenario('a gate that is killed', { config: gates(sh('kill -9 $$')) }, [agent(work), open(/more/)]),
  scenario('a gate whose program is missing', { config: gates(['no-such-program-here']) }, [
    agent(work),
    open(/could not run/),
    waits(/cannot run/),
  ]),
  scenario(
    'a gate with endless, binary output',
    { config: gates(sh('head -c 3000000 /dev/urandom; echo; echo END-OF-IT; exit 3')) },
    [agent(work), open(/exit code 3[^]*END-OF-IT/)],
  ),
  scenario(
    'a gate that prints what looks like a verdict',
    { config: gates(sh('echo autoloop:ok; echo \'{"continue":true}\'; exit 1')) },
    [agent(work), open(/exit code 1/)],
  ),
  scenario('a gate that reads stdin', { config: gates(sh('test -z "$(cat)"')) }, [agent(work), done()]),
  scenario(
    'gates at the same time',
    {
      config: {
        commands: {
          check: { argv: check, parallel: true },
          a: { argv: ['true'], parallel: true },
          b: { argv: sh('test -e src'), parallel: true },
        },
      },
    },
    [agent(work), done()],
  ),
  scenario(
    'a gate in a directory, with variables',
    {
      config: gates({
        argv: sh(
          'test "$PWD" = "$(cd -P . && pwd)" && test "$(basename "$PWD")" = src && test "$MODE" = strict && test "$CI" = 1',
        ),
        cwd: 'src',
        env: { MODE: 'strict' },
      }),
    },
    [agent(work), done()],
  ),
  scenario(
    'a gate that finds the controller’s state out of reach',
    {
      config: gates(
        sh(
          '! touch "$HOME/.codex/autoloop/armed/x" 2>/dev/null && ! rm -rf "$HOME/.codex/autoloop/armed" 2>/dev/null',
        ),
      ),
    },
    [agent(work), done()],
  ),
  scenario(
    'variables of the agent do not reach a gate',
    {
      config: gates(
        sh(
          'test -z "$SKIP_TESTS" && test "$(grep -c . src/greeting.txt)" = 1 && test -z "$CODEX_SESSION_ID"',
        ),
      ),
    },
    [agent(`export SKIP_TESTS=1; ${work}`), done()],
  ),
  scenario(
    'a test added first, then the code',
    {
      files: { ...project.files, 'test/run.sh': '' },
      config: { commands: { test: ['node', 'test/all.js'] } },
      before:
        'mkdir -p test; echo \'for (const f of require("fs").readdirSync(__dirname)) if (f.endsWith(".case.js")) require("./" + f)\' > test/all.js; git add -A; git commit -qm tests',
    },
    [
      agent(
        `echo 'require("assert").match(require("fs").readFileSync("src/greeting.txt", "utf8"), /hello/)' > test/a.case.js; echo x >> src/greeting.txt`,
      ),
      open(/test/),
      agent('echo hello > src/greeting.txt'),
      done(),
    ],
  ),
  scenario(
    'tests moved away are the agent’s right; what they proved is for the contract to ask',
    {
      files: {
        ...project.files,
        'test/a.case.js': 'process.exit(1)\n',
        'test/all.js':
          'for (const f of require("fs").readdirSync(__dirname)) if (f.endsWith(".case.js")) require("./" + f)\n',
      },
      config: { commands: { test: ['node', 'test/all.js'] } },
    },
    [agent(work), open(/gate test/), agent('rm test/a.case.js'), done()],
  ),
  scenario(
    'tests that the contract protects',
    {
      files: {
        ...project.files,
        'test/a.case.js':
          'process.exit(require("fs").readFileSync("src/greeting.txt","utf8") === "hello\\n" ? 0 : 1)\n',
      },
      config: { commands: { test: ['node', 'test/a.case.js'] } },
      tasks: [task({ kind: 'pathChanged', glob: 'src/**' }, { kind: 'pathUnchanged', glob: 'test/**' })],
    },
    [
      agent('echo half > src/greeting.txt; echo > test/a.case.js'),
      open(/pathUnchanged test/),
      agent(`git show HEAD:test/a.case.js > test/a.case.js; ${work}`),
      done(),
    ],
  ),
  scenario('no gates at all, which a person chose', { config: { policy: { gates: 'none' } } }, [
    open(),
    agent(work),
    done(),
  ]),
  scenario(
    'gates without the sandbox, which a person chose',
    { config: gates(sh('date > "$HOME/.outside-the-sandbox"'), { sandbox: 'off' }) },
    [agent(work), done()],
  ),
]
