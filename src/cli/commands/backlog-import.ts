import path from 'node:path'
import { type Result, ok } from '../../base/result.ts'
import { readSource } from '../../backlog/import/read-source.ts'
import { readBacklogFiles } from '../../backlog/read-backlog.ts'
import { readConfigText } from '../../definition/config-text.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type Import, settledImport } from '../../setup/backlog/plan-import.ts'
import { writeItems } from '../../setup/backlog/write-items.ts'
import { agreed } from '../agreed.ts'
import { mayChangeSetup } from '../asker.ts'
import { type Io, command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { type CliOutcome, declined, done } from '../outcome.ts'
import { nextToAccept } from '../next-accept.ts'
import { importDoc, importFields } from '../render/import.ts'

/** `backlog import`: tasks of another tool become items, and its commands named commands of the config. Shown before anything is written. */
export const backlogImport = command({
  flags: {
    ...cwdFlag,
    scope: {
      type: 'string',
      array: true,
      value: 'glob',
      describe: 'what tasks that name no files may change, as src/**',
    },
    yes: { type: 'boolean', describe: 'write what would be shown, without a question' },
  },
  words: { file: 'a backlog.md of LoopDex, a codex-loop.yaml, or the directory of one of them' },
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const may = mayChangeSetup(context, 'backlog import', false)
    if (!may.ok) return may
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const root = findRepoRoot(cwd.value)
    const config = readConfigText(root)
    if (!config.ok) return config
    const source = readSource(path.resolve(context.env.cwd, args.file))
    if (!source.ok) return source
    const files = readBacklogFiles(root)
    const found = settledImport(source.value, { files, config: config.value, scope: args.scope ?? [] })
    return found.ok ? written(io, root, config.value.text, found.value, args.yes === true) : found
  },
})

async function written(
  io: Io,
  root: string,
  before: string,
  found: Import,
  yes: boolean,
): Promise<Result<CliOutcome>> {
  const { plan, configText } = found
  const shown = { doc: importDoc(found, io.context.env.cwd), fields: importFields(found) }
  const many = plan.items.length
  const question = `Write ${many === 1 ? 'this item' : `these ${many} items`}${plan.commands.length === 0 ? '' : ', and the commands into the config'}?`
  const agreement = await agreed(io, yes, { ...shown, question })
  if (!agreement.ok) return agreement
  if (!agreement.value) return ok(declined('backlog import', 'Nothing was written.'))
  const config = configText === before ? null : { before, after: configText }
  const items = plan.items.map(({ name, text }) => ({ name, text }))
  const files = writeItems(root, { items, config })
  if (!files.ok) return files
  const next = nextToAccept(io.context, root, config !== null)
  return ok(
    done({ ok: true, repo_root: root, ...importFields(found), written: files.value, next }, () => [
      ...shown.doc,
      '',
      `${many === 1 ? 'One item was' : `${many} items were`} written${config === null ? '' : ', and the config has the commands'}. Look them over.`,
      `Next: ${next}`,
    ]),
  )
}
