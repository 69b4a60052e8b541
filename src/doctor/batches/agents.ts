import fs from 'node:fs'
import path from 'node:path'
import { isExecutable } from '../../base/file-kind.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { shellWord } from '../../base/shell-word.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import { resolveCommand } from '../../gates/resolve.ts'
import { type OpenPolicy, openPolicy } from '../../records/policy.ts'
import { allSuspensions } from '../../records/suspensions.ts'
import { programOf } from '../../supervisor/effects/agents-of.ts'
import { suspensionsOf } from '../../supervisor/effects/providers.ts'
import { lookAround } from '../../views/batch-around.ts'
import { batchView } from '../../views/batch-status.ts'
import { type Check, failed, passed, skipped } from '../check.ts'
import { REPAIR } from '../repair-words.ts'
import type { BatchLook } from './look.ts'

const DAY_MS = 24 * 3600_000

/** Nobody on this machine asks these programs before their time. */
export function suspensions({ context, site, isHeld, owner }: BatchLook): Check {
  const now = context.clock()
  const all = allSuspensions(context.env.home, now)
  const names = agentNames(context, site.root)
  const waiting = all.flatMap(({ provider, file, suspension }) =>
    suspension === null || suspension.until <= now
      ? []
      : [
          {
            provider,
            file,
            agents: names(suspension.until),
            ...suspension,
            until: iso(suspension.until),
            since: iso(suspension.since),
          },
        ],
  )
  const stale = isHeld || owner !== null ? [] : staleSuspensions(context.env.home, now)
  const data = { waiting, stale }
  const [first] = waiting
  if (first !== undefined)
    return failed(
      waiting
        .map(({ provider, agents, why, until, since, probes }) => {
          const who = agents.length > 0 ? `${provider} (${agents.join(', ')})` : provider
          return `${who} is not asked before ${until}: ${why} since ${since}${probes > 0 ? `, asked in vain ${probes} times` : ''}`
        })
        .join('; '),
      `rm ${shellWord(first.file)}   (if it can be asked again already)`,
      data,
    )
  return stale.length === 0
    ? passed(data)
    : failed(`${stale.length} suspensions are over, or cannot be believed`, REPAIR, data)
}

/** Over for a day, so that how often it was asked in vain means nothing any more; or none that can be believed. */
export function staleSuspensions(home: string, now: number): readonly string[] {
  return allSuspensions(home, now).flatMap(({ file, suspension }) =>
    suspension === null || suspension.until + DAY_MS <= now ? [file] : [],
  )
}

function agentNames(context: BatchLook['context'], root: string): (until: number) => readonly string[] {
  const policy = openPolicy(context.env.home, root)
  if (!policy.ok) return () => []
  const found = [...suspensionsOf(context, supervisorOf(policy.value.config).agents)]
  return (until) => found.flatMap(([name, one]) => (one.until === until ? [name] : []))
}

/** Agents of the open batch that are not asked until a person has had a look. */
export function unusableAgents({ context, open }: BatchLook): Check {
  const unusable = [...(open?.agents ?? [])].flatMap(([name, one]) =>
    one.unusable === null ? [] : [{ name, why: one.unusable, said: one.said }],
  )
  if (open === null || unusable.length === 0) return passed({ unusable })
  const view = batchView(open.opened.batch, open, lookAround(open, context))
  return failed(
    `not asked until you have had a look: ${unusable.map(({ name, why }) => `${name} (${why})`).join(', ')}`,
    view.next ?? 'autonomous-loop run',
    { unusable },
  )
}

/** The programs that the approved config needs to work through a backlog. */
export function agentPrograms({ context, site }: BatchLook): Check {
  const policy = openPolicy(context.env.home, site.root)
  if (!policy.ok || policy.value.config.supervisor === undefined)
    return skipped('no approved config names agents')
  const missing = missingPrograms(context, site.root, policy.value)
  return missing.length === 0
    ? passed()
    : failed(
        `agents cannot be started: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}`,
        `install the program, then: autonomous-loop allow --repo ${shellWord(site.root)}`,
        { missing: missing.map(({ name }) => name) },
      )
}

function missingPrograms(
  context: BatchLook['context'],
  root: string,
  { config, approval: { gatePath } }: OpenPolicy,
): readonly { readonly name: string; readonly why: string }[] {
  return Object.entries(supervisorOf(config).agents).flatMap(([name, agent]) => {
    // One that lies in the tree is looked for in its worktree.
    if (agent.adapter === 'command' && isOfTheTree(agent.argv[0] ?? '')) return []
    const found =
      agent.adapter === 'command'
        ? resolveCommand({ argv: agent.argv, cwd: '.' }, root, gatePath)
        : programOf(context, agent, gatePath)
    return found === null || found.ok ? [] : [{ name, why: found.error.message }]
  })
}

const isOfTheTree = (program: string): boolean => program.includes('/') && !path.isAbsolute(program)

/** `land --pr` asks for it, where the repository has a remote on GitHub. */
export function gitHub({ context, own }: BatchLook): Check {
  const config = own.ok && own.value !== null ? path.join(own.value.person.commonDir, 'config') : null
  const text = config === null ? null : readTextSafe(config, { maxBytes: 1 << 20 })
  if (!text?.ok || !/^\s*url\s*=\s*\S*github\.com[:/]/m.test(text.value))
    return skipped('the repository has no remote on GitHub')
  const at = (context.env.vars['PATH'] ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, 'gh'))
    .find((file) => path.isAbsolute(file) && fs.existsSync(file) && isExecutable(file))
  return at === undefined
    ? failed('gh is not on PATH, so land --pr can open no pull request', 'install the GitHub CLI (gh)')
    : passed({ path: at })
}

const iso = (ms: number): string => new Date(ms).toISOString()
