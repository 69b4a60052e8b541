import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../base/read-file.ts'
import { readHooksFile } from '../codex/hooks-file/file.ts'
import { legacyHooks } from '../codex/hooks-file/json.ts'
import { parseWholeConfig } from '../contract/whole-config.ts'
import { readConfigText } from '../definition/config-text.ts'
import { repoHash } from '../evidence/repo-root.ts'
import { listSessions } from '../ledger/sessions.ts'
import { approval } from './approval.ts'
import { shellQuote } from '../base/shell-word.ts'
import { type Check, type Checks, failed, failedWith, passed, skipped } from './check.ts'
import type { DoctorLook } from './look.ts'

export function repoChecks(look: DoctorLook): Checks {
  // Doctor is also asked from a home directory; that is no repository that lacks something.
  if (!isRepository(look.root)) {
    const none = skipped(`${look.root} is not a repository`, { repo_root: look.root })
    const names = ['repo_install', 'repo_hooks', 'approval', 'duplicate_repo_hashes', 'nested_codex']
    return Object.fromEntries(names.map((name) => [name, none]))
  }
  return {
    repo_install: repoInstall(look),
    repo_hooks: repoHooks(look),
    approval: approval(look),
    duplicate_repo_hashes: duplicateHashes(look),
    nested_codex: nestedCodex(look),
  }
}

/** Git or a config of ours: without both there is nothing to look at. */
export function isRepository(root: string): boolean {
  return ['.git', '.codex/autoloop.project.json'].some((name) => fs.existsSync(path.join(root, name)))
}

const installFix = (root: string) => `autonomous-loop install-repo --repo ${shellQuote(root)}`

function repoInstall({ root }: DoctorLook): Check {
  const config = readConfigText(root)
  if (!config.ok) return failedWith(config.error, installFix(root))
  const parsed = parseWholeConfig(config.value.text, config.value.path)
  if (!parsed.ok) {
    const [first] = parsed.error
    const more = parsed.error.length > 1 ? ` (and ${parsed.error.length - 1} more)` : ''
    return failed(
      `${config.value.path}: ${first?.path ?? ''} is ${first?.found ?? 'wrong'}, allowed: ${first?.allowed ?? ''}${more}`,
      `correct ${config.value.path}`,
      { problems: parsed.error },
    )
  }
  const skill = path.join(root, '.agents', 'skills', 'autonomous-loop', 'SKILL.md')
  return passed({
    repo_root: root,
    config: config.value.path,
    commands: Object.keys(parsed.value.commands),
    skill: fs.existsSync(skill),
  })
}

/** The repository needs no hooks of ours; those of the original judge every stop a second time. */
function repoHooks({ root }: DoctorLook): Check {
  const file = path.join(root, '.codex', 'hooks.json')
  const text = readTextSafe(file, { maxBytes: 8_000_000 })
  if (!text.ok)
    return text.error.code === 'missing'
      ? passed({ installed: false })
      : failedWith(text.error, `look at ${file}`)
  const read = readHooksFile(text.value)
  if (!read.ok) return failedWith(read.error, `correct ${file}`)
  const [legacy] = legacyHooks(read.value)
  return legacy
    ? failed(
        `${file} calls the original autonomous-loop at ${legacy.event}: every stop is judged twice`,
        `remove the hook ${JSON.stringify(legacy.command)} from ${file}`,
      )
    : passed({ installed: read.value.groups.some((group) => group.ours) })
}

function duplicateHashes({ context, root }: DoctorLook): Check {
  const roots = new Set([
    root,
    ...listSessions(context.env.home).flatMap(({ session }) =>
      session.ok ? session.value.state.runs.map((run) => run.activation.repoRoot) : [],
    ),
  ])
  const hashes = [...roots].map(repoHash)
  const doubled = [...roots].filter((each) => hashes.filter((hash) => hash === repoHash(each)).length > 1)
  return doubled.length > 0
    ? failed(
        `two names for one repository, or one hash for two: ${doubled.join(', ')}`,
        'use one of the paths only',
      )
    : passed({ repo_hash: repoHash(root) })
}

const maxDirectories = 3000
const maxDepth = 4

/** Below the root a `.codex` can be written by the agent, and Codex reads it in sessions that start there. */
function nestedCodex({ root }: DoctorLook): Check {
  const found: string[] = []
  let left = maxDirectories
  const walk = (dir: string, depth: number): void => {
    if (depth > maxDepth || (left -= 1) < 0) return
    for (const entry of list(dir)) {
      if (!entry.isDirectory() || entry.name === '.git' || entry.name === 'node_modules') continue
      const full = path.join(dir, entry.name)
      if (entry.name === '.codex' && dir !== root) found.push(path.relative(root, full))
      else walk(full, depth + 1)
    }
  }
  if (fs.existsSync(path.join(root, '.git')) || fs.existsSync(path.join(root, '.codex'))) walk(root, 0)
  return found.length === 0
    ? passed({ complete: left >= 0 })
    : failed(
        `an agent can write here, and Codex sessions that start there read it: ${found.join(', ')}`,
        `look at them; start Codex in ${root}`,
        { found },
      )
}

function list(dir: string): fs.Dirent[] {
  try {
    return fs.readdirSync(dir, { withFileTypes: true })
  } catch {
    return []
  }
}
