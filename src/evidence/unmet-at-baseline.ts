import { never } from '../base/result.ts'
import { readFileSafe } from '../base/read-file.ts'
import { matchPattern } from '../contract/pattern.ts'
import type { Evidence } from '../contract/types.ts'
import { Eyes } from './entry.ts'
import { findRepo } from './git-repo.ts'
import { runGit } from './git-run.ts'
import { openShadow } from './git-shadow.ts'
import { commitPaths, commitSides } from './git-sides.ts'
import { compileGlob, compileNamed, plainPath } from './glob.ts'
import { MOST_BYTES } from './kinds/file-matches.ts'
import { fsPath } from './path-text.ts'
import type { Baseline, EntryLine, EvidenceOptions } from './types.ts'

/**
 * Whether this evidence would have failed at the baseline: whether meeting it takes work. What cannot be known counts as
 * "already met", which is the stricter answer for an agent that wants to replace an obligation.
 */
export async function unmetAtBaseline(
  root: string,
  baseline: Baseline,
  evidence: Evidence,
  options: EvidenceOptions,
): Promise<boolean> {
  switch (evidence.kind) {
    case 'pathChanged':
      return true
    case 'pathUnchanged':
    case 'commandRef':
      return false
    case 'pathExists': {
      const there = await countAt(root, baseline, evidence, options)
      return there !== null && there < (evidence.path === undefined ? (evidence.min ?? 1) : 1)
    }
    case 'pathAbsent': {
      const there = await countAt(root, baseline, evidence, options)
      return there !== null && there > 0
    }
    case 'fileMatches':
      return unmatched(root, baseline, evidence, options)
    default:
      return never(evidence, 'evidence kind')
  }
}

/** Files at the baseline that a path (itself or below it) or glob matches; null when it cannot be known. */
async function countAt(
  root: string,
  baseline: Baseline,
  wanted: { readonly path?: string; readonly glob?: string },
  options: EvidenceOptions,
): Promise<number | null> {
  const matches =
    wanted.path === undefined ? compileGlob(wanted.glob ?? '') : compileNamed({ path: wanted.path })
  const paths = new Set<string>()
  if (baseline.kind === 'git') {
    const opened = open(root, baseline, options)
    const held = opened && (await commitPaths(opened.repo, opened.shadow, baseline.commit))
    if (!held?.ok) return null
    for (const path of held.value.keys()) if (matches(path)) paths.add(path)
  }
  for (const [path, kind] of baseline.entries)
    if (kind === '-') paths.delete(path)
    else if (matches(path)) paths.add(path)
  return paths.size
}

async function unmatched(
  root: string,
  baseline: Baseline,
  evidence: Evidence & { kind: 'fileMatches' },
  options: EvidenceOptions,
): Promise<boolean> {
  const content = await contentAt(root, baseline, plainPath(evidence.path), options)
  if (content === 'unknown') return false
  if (content === null) return true
  const matched = matchPattern(evidence.pattern, content.toString('utf8'))
  return matched.ok && matched.value === (evidence.absent === true)
}

async function contentAt(
  root: string,
  baseline: Baseline,
  path: string,
  options: EvidenceOptions,
): Promise<Buffer | null | 'unknown'> {
  const entry = baseline.entries.find((one) => one[0] === path)
  if (entry) return contentOfEntry(root, baseline, entry)
  if (baseline.kind === 'plain') return null
  const opened = open(root, baseline, options)
  const sides = opened && (await commitSides(opened.repo, opened.shadow, baseline.commit, [path]))
  if (!opened || !sides?.ok) return 'unknown'
  const side = sides.value.get(path) ?? null
  if (side === null) return null
  const blob = await runGit(opened.repo, opened.shadow, {
    args: ['cat-file', 'blob', side.oid],
    maxBytes: MOST_BYTES,
  })
  return blob.ok ? blob.value : 'unknown'
}

/** An entry keeps a hash only: its content is known as long as the file is still the same. */
function contentOfEntry(root: string, baseline: Baseline, entry: EntryLine): Buffer | null | 'unknown' {
  const [path, kind, hash] = entry
  if (kind === '-') return null
  if (kind !== 'f' && kind !== 'x') return 'unknown'
  const now = new Eyes(root, baseline.kind === 'git' ? baseline.format : 'short').look(path)
  if (now?.hash !== hash) return 'unknown'
  const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_BYTES })
  return bytes.ok ? bytes.value : 'unknown'
}

function open(root: string, baseline: Baseline & { kind: 'git' }, options: EvidenceOptions) {
  const repo = findRepo(root)
  const shadow = repo && openShadow(root, repo.format, baseline.settings, options)
  return repo && shadow?.ok ? { repo, shadow: shadow.value } : null
}
