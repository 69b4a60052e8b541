// A batch as a person starts it: a repository with a backlog, agents that are small shell texts, and what the ledger says of it.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fillWithFiles, root } from './world.js'

/** The work of an agent: one new file, by another name in each item. */
export const WORK = 'echo "export const x = 1" > src/new-$AUTONOMOUS_LOOP_ITEM.js'

/** A repository with so many files and items, accepted. `agent`: shell text. */
export function makeBatchRepo(world, name, { files, items, jobs = 1, agent = WORK }) {
  const repo = path.join(world.dir, name)
  const put = (file, text) => {
    fs.mkdirSync(path.dirname(path.join(repo, file)), { recursive: true })
    fs.writeFileSync(path.join(repo, file), text)
  }
  fillWithFiles(repo, Math.max(files, 1))
  for (let nth = 1; nth <= items; nth += 1) {
    const id = String(nth).padStart(3, '0')
    put(
      `.codex/backlog/${id}-item.md`,
      `---\nscope: [src/**]\n---\n# Item ${id}\n\n## T1: It is there\n- pathChanged: src/**\n`,
    )
  }
  const agents = { quick: { adapter: 'command', argv: ['/bin/sh', '-c', agent], sandbox: 'off' } }
  put(
    '.codex/autoloop.project.json',
    JSON.stringify({
      version: 2,
      commands: { test: { argv: ['/bin/true'], network: 'none' } },
      gateProfiles: { fast: [], default: [], final: ['test'] },
      policy: { verify: 'clean-room' },
      supervisor: { jobs, agents },
    }),
  )
  world.git(repo, 'init', '-q', '-b', 'main')
  world.git(repo, 'config', 'user.name', 'bench')
  world.git(repo, 'config', 'user.email', 'bench@example.org')
  world.git(repo, 'add', '-A')
  world.git(repo, 'commit', '-q', '-m', 'start')
  // As a clone has them. Objects in a file each would slow both sides.
  world.git(repo, 'repack', '-adq')
  world.cli(['allow', '--repo', repo])
  return repo
}

/** Starts `run`. `event` resolves at the first event that fits, `done` with the exit code and all events. */
export function startBatch(world, repo) {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'autonomous-loop.js'), 'run', '--json'], {
    cwd: repo,
    env: { ...world.env, XDG_DATA_HOME: path.join(world.dir, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const events = []
  const waiting = []
  let [line, said] = ['', '']
  const look = () => {
    for (const one of [...waiting])
      if (events.some(one.fits)) {
        waiting.splice(waiting.indexOf(one), 1)
        one.resolve(events.find(one.fits))
      }
  }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (line + text).split('\n')
    line = lines.pop()
    for (const one of lines) if (one.startsWith('{"seq":')) events.push(JSON.parse(one))
    look()
  })
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
  const done = new Promise((resolve) => child.on('close', (code) => resolve({ code, events, said })))
  const event = (fits) =>
    new Promise((resolve, reject) => {
      waiting.push({ fits, resolve })
      look()
      void done.then(() => reject(new Error(`the batch ended before: ${said}`)))
    })
  return { child, done, event }
}

/** A whole batch, in which every item has to be done. */
export async function wholeBatch(world, repo) {
  const { code, events, said } = await startBatch(world, repo).done
  if (code !== 0) throw new Error(`the batch ended with ${code}: ${said} ${JSON.stringify(events.at(-1))}`)
  return events
}

/** Milliseconds of each attempt that was integrated, in parts; `own` is all but the agent and the gates. Oldest first. */
export function attemptsIn(world, events) {
  const batch = events.find((one) => one.type === 'batch-opened').data
  return events
    .filter((one) => one.type === 'attempt-opened')
    .map((opened) => {
      const { fence, item, attempt } = opened.data
      const at = (type) => events.find((one) => one.type === type && one.data.fence === fence).at
      const agent = at('turn-ended') - at('turn-begun')
      const gates = gatesOf(world, batch, `${item}-${attempt}`)
      return {
        worktree: at('worktree-ready') - opened.at,
        candidate: at('candidate') - at('turn-ended'),
        judged: at('judged') - at('candidate') - gates,
        integration: at('integrated') - at('judged'),
        reset: at('attempt-ended') - at('integrated'),
        own: at('attempt-ended') - opened.at - agent - gates,
      }
    })
}

function gatesOf(world, { repoId, batch }, attempt) {
  const file = path.join(world.home, 'batches', repoId, batch, 'attempts', attempt, 'judged', 'ledger.jsonl')
  const events = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return events
    .flatMap(({ data }) => data?.commands ?? [])
    .reduce((sum, { durationMs }) => sum + durationMs, 0)
}
