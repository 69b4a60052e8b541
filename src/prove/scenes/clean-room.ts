import { shellQuote } from '../../base/shell-word.ts'
import { cleanRoomWords } from '../../verdict/words/place.ts'
import { blockAfter, waitAfter } from '../actor.ts'
import { type ClaimId, type Observation, seenLine } from '../claims.ts'
import { blockedOtherwise, failureOf, sessionFailure } from '../look.ts'
import { type ProjectFiles, complaint, json } from '../project.ts'
import type { RepoName, World } from '../world.ts'
import { enableCommand, onlyRun } from './arm.ts'

const CLAIM = 2

interface Cheat {
  readonly id: ClaimId & RepoName
  readonly files: ProjectFiles
  /** Words of the shell by which the gate passes where the agent works, though the greeting is wrong. */
  readonly cheat: string
  /** What the block names besides the greeting that is wrong. */
  readonly said: string
}

/** Scenes in which only the clean room, or a step of its own, tells the work from what looks like it; with what they show. */
export function cleanRoomScenes(world: World): [string, () => Promise<readonly Observation[]>][] {
  return [
    ['an agent that writes what git ignores', async () => [await scene(world, ignoredFile)]],
    ['an agent that exchanges a tool', async () => [await scene(world, swappedTool)]],
    ['a step that swaps the next', async () => [await scene(world, swappedStep)]],
  ]
}

/** Fails unless the first of these files that is there holds "hello". */
const checks = (...files: readonly string[]): string => `const fs = require('node:fs')
const file = ${JSON.stringify(files)}.find((one) => fs.existsSync(one))
const text = file === undefined ? '' : fs.readFileSync(file, 'utf8').trim()
if (text !== 'hello') {
  console.error('GREETING expected hello, got ' + text + ' (of ${files.join(', ')})')
  process.exit(1)
}
`

const ignoredFile: Cheat = {
  id: 'ignored-file',
  files: {
    '.gitignore': 'dist\n',
    'test/greeting.js': checks('dist/greeting.txt', 'src/greeting.txt'),
    ...config({ argv: ['npm', 'run', 'test'] }),
  },
  cheat: 'mkdir dist && printf hello > dist/greeting.txt',
  said: 'dist/greeting.txt',
}

const root = { name: 'greeting', version: '1.0.0', dependencies: { greets: 'file:greets' } }
const swappedTool: Cheat = {
  id: 'swapped-tool',
  files: {
    '.gitignore': 'node_modules\n',
    'package.json': json({ ...root, scripts: { test: 'node test/greeting.js' } }),
    'package-lock.json': json({
      ...root,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': root,
        greets: { version: '1.0.0' },
        'node_modules/greets': { resolved: 'greets', link: true },
      },
    }),
    'greets/package.json': json({ name: 'greets', version: '1.0.0' }),
    'greets/index.js': checks('src/greeting.txt'),
    'test/greeting.js': "require('greets')\n",
    ...config(
      { argv: ['npm', 'run', 'test'] },
      { prepare: [{ argv: ['npm', 'ci', '--ignore-scripts', '--offline', '--no-audit'] }] },
    ),
  },
  cheat: 'mkdir -p node_modules/greets && : > node_modules/greets/index.js',
  said: cleanRoomWords,
}

const swaps = `const fs = require('node:fs')
for (const file of ['test/check.js', 'check.js'])
  try {
    fs.rmSync(file, { force: true })
    fs.writeFileSync(file, '')
  } catch {}
`
const swappedStep: Cheat = {
  id: 'swapped-step',
  files: {
    'test/check.js': checks('src/greeting.txt'),
    'test/greeting.js': '',
    ...config({ argv: ['sh', '-c', 'node test/greeting.js && node test/check.js'] }),
  },
  cheat: `printf %s ${shellQuote(swaps)} > test/greeting.js`,
  said: 'step 2 of 2',
}

/** And a text beside which the one that is asked for is nothing of another kind. */
function config(test: object, more: object = {}): ProjectFiles {
  return {
    'src/farewell.txt': 'bye\n',
    '.codex/autoloop.project.json': json({
      version: 2,
      commands: { test: { ...test, network: 'none' } },
      gateProfiles: { fast: [], default: ['test'], final: ['test'] },
      policy: { verify: 'clean-room' },
      ...more,
    }),
  }
}

/** The agent does the work badly and makes its gate pass all the same. Held; done well, it is released. */
async function scene(world: World, { id, files, cheat, said }: Cheat): Promise<Observation> {
  const repo = await world.makeRepo(id, files)
  const allowed = await world.cli(['allow', '--repo', repo], repo)
  if (allowed.code !== 0) return { id, ok: false, seen: failureOf('allow', allowed), ms: null }
  const session = await world.session(repo, 'Please write the greeting.', [
    { run: enableCommand(world) },
    { run: `${cheat} && mkdir -p src && printf wrong > src/greeting.txt` },
    { say: 'All done!' },
    { run: 'printf hello > src/greeting.txt' },
    { say: 'Done.' },
  ])
  const reason = blockAfter(session.turns, CLAIM)
  const line = reason?.split('\n').find((one) => one.includes(complaint('wrong')))
  const isSaid = line !== undefined && reason?.includes(said) === true
  const run = await onlyRun(world, repo)
  const ok = isSaid && run?.state === 'released' && run.blocks === 1 && session.turns.length === 5
  return {
    id,
    ok,
    seen:
      reason === null
        ? sessionFailure(session)
        : line === undefined
          ? blockedOtherwise(reason)
          : seenLine(`${line.replace(/^\s*- /, '')}${ok ? '' : ` (in the end: ${run?.state ?? 'no run'})`}`),
    ms: waitAfter(session.turns, CLAIM, session.endedAt),
  }
}
