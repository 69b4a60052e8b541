import { testScenarios } from './group.ts'
import { type Scenario, type Step, agent, done, open, project, scenario } from './scenario.ts'

/*
 * What configs of version 1 were answered with before gates had a box: the table was played with the program as it was then. Most rows
 * would be answered otherwise in version 2.
 */

const { work } = project
const check = ['grep', '-qx', 'hello', 'src/greeting.txt'] as const
const sh = (script: string): string[] => ['sh', '-c', script]
const listens = `node -e "require('net').createServer().listen(0, '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(7))"`
const child = `node -e "process.stdout.write(require('child_process').spawnSync(process.execPath, ['-p', '42']).stdout || 'nothing')" | grep 42`

const temp = '/tmp/autoloop-version-1-$(pwd | md5sum | cut -c1-9)'
const steps = { 'one.sh': 'echo true > two.sh\n', 'two.sh': 'false\n', 'back.sh': 'echo false > two.sh\n' }

type More = Partial<Scenario> & {
  readonly policy?: object
  readonly beside?: Readonly<Record<string, unknown>>
}

/** A gate beside the usual one, after the work of the agent. */
function row(name: string, gate: unknown, after: readonly Step[], more: More = {}): Scenario {
  const { policy = {}, beside = {}, ...parts } = more
  const config = { commands: { check, ...beside, more: gate }, policy }
  return scenario(name, { ...parts, config }, [agent(work), ...after])
}

const rows: readonly Scenario[] = [
  row('a gate that passes', ['true'], [done()]),
  row('a gate that fails', sh('echo broken; exit 3'), [open(/gate more[^]*broken/)]),
  row('two gates that fail', sh('exit 3'), [
    agent('echo x > src/greeting.txt'),
    open(/gate check[^]*gate more/),
  ]),
  row('a gate that runs out of time', { argv: ['sleep', '100'], timeoutSeconds: 1 }, [open(/gate more/)]),
  row('a gate that is killed', sh('kill -9 $$'), [open(/gate more/)]),
  row('a gate whose program is missing', ['no-such-program'], [open(/gate more could not run/)]),
  row('a gate that misses a module', sh('echo "ModuleNotFoundError: No module named x"; exit 1'), [
    open(/gate more/),
  ]),
  row('a server without network', { argv: sh(listens), network: false }, [open(/gate more/)]),
  row('a server that says nothing of the network', sh(listens), [open(/gate more/)]),
  row('a server with network', { argv: sh(listens), network: true }, [done()]),
  row('a child of Node without network', { argv: sh(child), network: false }, [open(/gate more/)]),
  row('a child of Node with network', { argv: sh(child), network: true }, [done()]),
  row('ignored output', sh('mkdir -p dist && date +%N > dist/x'), [done()], {
    files: { ...project.files, '.gitignore': 'dist/\n' },
  }),
  row('output that git does not ignore', sh('date +%N > report.xml'), [open(/report\.xml/)]),
  row('the same output each time, which git does not ignore', sh('echo all > report.xml'), [done()]),
  row('output that the next gate finds', sh('test -f dist/x'), [done()], {
    files: { ...project.files, '.gitignore': 'dist/\n' },
    beside: { build: sh('mkdir -p dist && echo 1 > dist/x') },
  }),
  row('a temp file that the next gate finds', sh(`rm ${temp}`), [done()], {
    beside: { build: sh(`touch ${temp}`) },
  }),
  row('a gate that changes a source', sh('date +%N >> src/greeting.txt; true'), [open()]),
  row(
    'a gate that changes a source and puts it back',
    sh('cp src/greeting.txt /tmp/$$; echo x > src/greeting.txt; cat /tmp/$$ > src/greeting.txt'),
    [done()],
  ),
  row('a gate that changes what gates may write', sh('date +%N >> README.md'), [done()], {
    policy: { gateWrites: ['README.md'] },
  }),
  row('a gate that writes in .git', sh('touch .git/x'), [open(/gate more/)]),
  row('a gate that writes outside', sh('touch "$HOME/x"'), [open(/gate more/)]),
  row('a gate that writes outside without a sandbox', sh('touch "$HOME/x"'), [done()], {
    policy: { sandbox: 'off' },
  }),
  row('a server without a sandbox', sh(listens), [done()], { policy: { sandbox: 'off' } }),
  row('a process that is left behind', sh('sleep 300 & true'), [done()]),
  row('a step that changes what the next one means', sh('sh one.sh && sh two.sh'), [open(/two\.sh/)], {
    files: { ...project.files, ...steps },
  }),
  row('the same, put back by a third', sh('sh one.sh && sh two.sh && sh back.sh'), [done()], {
    files: { ...project.files, ...steps },
  }),
]

// A file without a version has version 1, so every other row says none.
testScenarios(
  rows.map((one, nth) => (nth % 2 === 0 ? one : { ...one, config: { version: 1, ...one.config } })),
)
