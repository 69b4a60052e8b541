import type { Item } from '../../backlog/item.ts'
import { itemId, nextId } from '../../backlog/item-id.ts'
import { itemName, draftText } from '../../backlog/draft-text.ts'
import { fileOf } from '../../backlog/parse-item.ts'
import { type BacklogFiles, lookAtBacklog, takenIds } from '../../backlog/read-backlog.ts'
import type { Evidence, ProjectConfig } from '../../contract/types.ts'
import type { PlanAnswer, PlannedDraft, PlannedEvidence } from './answers.ts'

/** A draft as the file that it would be. */
export interface DraftFile {
  readonly key: string
  readonly id: string
  readonly name: string
  readonly text: string
}

/** What is wrong with a draft; null: with all of them. */
export interface DraftProblem {
  readonly key: string | null
  readonly text: string
}

export interface SettledDrafts {
  readonly files: readonly DraftFile[]
  /** Those that can be read, by number. */
  readonly items: readonly Item[]
  readonly problems: readonly DraftProblem[]
}

export interface DraftGround {
  readonly files: BacklogFiles
  readonly config: ProjectConfig
  /** What a person allows; null: as drafted, since a person will look at it. */
  readonly scope: readonly string[] | null
}

/**
 * Drafts as files of the backlog, linted beside those that are there. With a scope of the person's own, nothing that an agent says
 * widens or excludes. Pure.
 */
export function settleDrafts(
  { items: drafts }: PlanAnswer,
  { files, config, scope }: DraftGround,
): SettledDrafts {
  const ids = takenIds(files)
  const idOf = new Map(drafts.map((one, at) => [one.key, nextId(ids, at)]))
  const made = drafts.map((draft, at): DraftFile => {
    const id = nextId(ids, at)
    const after = draft.after.flatMap(
      (one) => idOf.get(one) ?? (ids.includes(itemId(one)) ? itemId(one) : []),
    )
    const text = draftText({
      title: draft.title,
      text: draft.text,
      scope: scope ?? draft.scope,
      after,
      exclusive: scope === null ? draft.exclusive : [],
      tasks: draft.tasks.map((task) => ({ title: task.title, evidence: task.evidence.map(evidenceOf) })),
    })
    return { key: draft.key, id, name: itemName(id, draft.title), text }
  })
  const { items, problems } = lookAtBacklog(
    { problems: files.problems, texts: [...files.texts, ...made] },
    config,
  )
  const keys = new Map(made.map((one) => [fileOf(one.name), one.key]))
  return {
    files: made,
    items: items.filter((one) => keys.has(one.file)),
    problems: [
      ...wrongKeys(drafts, ids),
      ...problems.flatMap((one): readonly DraftProblem[] => {
        const key = keys.get(one.file)
        const text = `${one.path}: found ${one.found}; allowed: ${one.allowed}; for example: ${one.example}`
        return key === undefined ? [] : [{ key, text }]
      }),
    ],
  }
}

function wrongKeys(drafts: readonly PlannedDraft[], ids: readonly string[]): readonly DraftProblem[] {
  const keys = drafts.map((one) => one.key)
  return drafts.flatMap(({ key, after }, at): readonly DraftProblem[] => [
    ...(keys.indexOf(key) < at ? [{ key, text: `key: ${JSON.stringify(key)} stands twice` }] : []),
    ...after
      .filter((one) => !keys.includes(one) && !ids.includes(itemId(one)))
      .map((one) => ({
        key,
        text: `after: ${JSON.stringify(one)} is neither a key nor the number of an item`,
      })),
  ])
}

/** Whether its fields fit its kind is asked where the file is read. */
function evidenceOf({ kind, ...fields }: PlannedEvidence): Evidence {
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)
  return { kind, ...Object.fromEntries(said) } as Evidence
}
