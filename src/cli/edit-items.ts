import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { BacklogProblem, BacklogText, Item } from '../backlog/item.ts'
import { readItemName } from '../backlog/item-id.ts'
import { fileOf } from '../backlog/parse-item.ts'
import { type BacklogFiles, lookAtBacklog } from '../backlog/read-backlog.ts'
import { namesIn } from '../base/names-in.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { ProjectConfig } from '../contract/types.ts'
import type { Env } from '../base/env.ts'

/** Items before they are files of the backlog, as they stand by now. */
export interface ItemDrafts {
  readonly files: readonly BacklogText[]
  readonly items: readonly Item[]
  readonly problems: readonly BacklogProblem[]
}

/** Drafts beside the files that are there: only their own problems are told. Pure. */
export function lookAtDrafts(
  drafts: readonly BacklogText[],
  there: BacklogFiles,
  config: ProjectConfig,
): ItemDrafts {
  const names = new Set(drafts.map((one) => fileOf(one.name)))
  const { items, problems } = lookAtBacklog(
    { problems: there.problems, texts: [...there.texts, ...drafts] },
    config,
  )
  return {
    files: drafts,
    items: items.filter((one) => names.has(one.file)),
    problems: problems.filter((one) => names.has(one.file)),
  }
}

/**
 * Opens drafts in the person's editor, in a directory of their own, and reads what it left: a file that was removed is no draft any
 * more. Code: editor-failed.
 */
export function editDrafts(env: Env, drafts: readonly BacklogText[]): Result<readonly BacklogText[]> {
  const dir = fs.mkdtempSync(path.join(env.tmpDir, 'autonomous-loop-items-'))
  try {
    for (const { name, text } of drafts) fs.writeFileSync(path.join(dir, name), text, { mode: 0o600 })
    const editor = env.vars['VISUAL'] || env.vars['EDITOR'] || 'vi'
    // People write arguments into it.
    const ran = spawnSync('/bin/sh', ['-c', `${editor} "$@"`, 'sh', ...drafts.map((one) => one.name)], {
      cwd: dir,
      stdio: 'inherit',
    })
    if (ran.status !== 0) return fail('editor-failed', `${editor} did not end well; nothing was written`)
    const texts: BacklogText[] = []
    // Editors leave files of their own.
    for (const name of namesIn(dir).filter((one) => readItemName(one) !== null)) {
      const text = readTextSafe(path.join(dir, name), { maxBytes: 1_000_000 })
      if (!text.ok) return fail('editor-failed', text.error.message)
      texts.push({ name, text: text.value })
    }
    return ok(texts)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}
