import fs from 'node:fs'
import path from 'node:path'
import { type Lab, type LabOptions, inputTexts, withLab } from './codex.ts'

export * from './codex.ts'

/** A small Node project whose only gate compares src/greeting.txt with "hello". The test itself is the agent's to change. */
export const greetingProject: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(
    {
      name: 'greeting',
      version: '1.0.0',
      private: true,
      type: 'module',
      scripts: { test: 'node test/check.js' },
    },
    null,
    2,
  )}\n`,
  'package-lock.json': `${JSON.stringify(
    { name: 'greeting', version: '1.0.0', lockfileVersion: 3, requires: true, packages: {} },
    null,
    2,
  )}\n`,
  'test/check.js': `import fs from 'node:fs'
const text = fs.existsSync('src/greeting.txt') ? fs.readFileSync('src/greeting.txt', 'utf8').trim() : '(no file)'
if (text !== 'hello') {
  console.error(\`GREETING-CHECK expected hello, got \${text}\`)
  process.exit(1)
}
console.log('greeting is fine')
`,
  'README.md': '# greeting\n',
}

export const greetingTask = JSON.stringify({
  id: 'T1',
  title: 'Write the greeting',
  evidence: [{ kind: 'pathChanged', glob: 'src/**' }],
})

export interface Installed extends Lab {
  readonly home: string
  /** Absolute path of the command line in the home, as words for the agent name it. */
  readonly cliPath: string
  /** Shell text of `request enable` with the greeting task. */
  readonly enableCommand: string
  /** Parsed answer of a command that must end with this code (default 0). */
  json(
    args: readonly string[],
    code?: number,
    env?: Readonly<Record<string, string | undefined>>,
  ): Promise<Answer>
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into by tests, member by member
export type Answer = any

export interface InstalledOptions extends Omit<LabOptions, 'script'> {
  readonly script: (lab: {
    readonly cliPath: string
    readonly enableCommand: string
    readonly repo: string
  }) => LabOptions['script']
  /** Default true: bootstrap trusts our hooks. */
  readonly trust?: boolean
}

/** A lab after `bootstrap --trust` and `install-repo`, as a person would have it. */
export async function withInstalled<T>(
  options: InstalledOptions,
  use: (lab: Installed) => Promise<T>,
): Promise<T> {
  let script: LabOptions['script'] | undefined
  const late: LabOptions['script'] = (request) => {
    if (!script) throw new Error('the model was asked before the lab was ready')
    return script(request)
  }
  return withLab({ repoFiles: greetingProject, ...options, script: late }, async (lab) => {
    const installed = equip(lab)
    script = options.script({
      cliPath: installed.cliPath,
      enableCommand: installed.enableCommand,
      repo: lab.repo,
    })
    const boot = await installed.json(['bootstrap', ...(options.trust === false ? [] : ['--trust'])])
    if (!fs.existsSync(path.join(installed.home, 'machine.json')))
      throw new Error(`bootstrap: ${JSON.stringify(boot)}`)
    if (lab.git !== undefined && fs.existsSync(path.join(lab.repo, 'package.json')))
      await installed.json(['install-repo', '--repo', lab.repo])
    return use(installed)
  })
}

export function equip(lab: Lab): Installed {
  const home = path.join(lab.codexHome, 'autoloop')
  const cliPath = path.join(home, 'bin', 'autonomous-loop')
  return {
    ...lab,
    home,
    cliPath,
    enableCommand: `'${cliPath}' request enable --cwd . --objective 'Write the greeting' --task-json '${greetingTask}'`,
    async json(args, code = 0, env = {}) {
      const result = await lab.cli(args, { env })
      if (result.code !== code)
        throw new Error(
          `autonomous-loop ${args.join(' ')} ended with ${result.code}, not ${code}\n${result.stdout}\n${result.stderr}`,
        )
      return JSON.parse(result.stdout)
    },
  }
}

/** Texts of the blocks that reached the model, oldest first. */
export function blocks(lab: Lab): string[] {
  const seen: string[] = []
  for (const request of lab.requests) {
    const input = (request.body as { input?: unknown }).input
    for (const item of Array.isArray(input) ? (input as { content?: { text?: string }[] }[]) : [])
      for (const part of item.content ?? []) {
        const text = part.text
        if (text?.includes('<hook_prompt') && !seen.includes(text)) seen.push(text)
      }
  }
  return seen
}

/** Output texts of the tool calls, in order, as the model saw them in its last request. */
export function toolOutputs(lab: Lab): string[] {
  return inputTexts(lab.requests.at(-1) ?? { body: {} }).filter((text) => /^\w+_output /.test(text))
}

/** The JSON object inside a tool's output; in code mode it stands inside the result's `output`. */
export function jsonIn(text: string): Answer {
  const found = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
  return typeof found.output === 'string' ? jsonIn(found.output) : found
}

/** The only run in `status`. */
export async function onlyRun(lab: Installed): Promise<Answer> {
  const status = await lab.json(['status', '--cwd', lab.repo])
  if (status.sessions.length !== 1) throw new Error(`expected one run, found ${JSON.stringify(status)}`)
  return status.sessions[0]
}
