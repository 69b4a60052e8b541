import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { readBacklogFiles } from '../../backlog/read-backlog.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { checkoutConfig } from '../../records/checkout-config.ts'
import type { Context } from '../../records/context.ts'
import { writeItems } from '../../setup/backlog/write-items.ts'
import { type Drafted, draftBacklog } from '../../supervisor/draft/draft-backlog.ts'
import { type PlanSource, readSources } from '../../supervisor/draft/sources.ts'
import { restCode } from '../../views/batch-code.ts'
import { confirmOrEdit } from '../ask.ts'
import { answeredAtBase } from '../at-base.ts'
import { type Io, command, cwdFlag } from '../command.ts'
import { type ItemDrafts, editDrafts, lookAtDrafts } from '../edit-items.ts'
import { type CliOutcome, declined, done } from '../outcome.ts'
import { nextToAccept } from '../next-accept.ts'
import { personSite } from '../person-site.ts'
import { printDoc } from '../render/doc.ts'
import { draftDoc, draftFields } from '../render/drafts.ts'
import { failureOutcome } from '../render/failure.ts'

/** `backlog new`: an agent drafts items, another process reads them, and a person says yes, edits or no. Nothing is written before. */
export const backlogNew = command({
  flags: {
    ...cwdFlag,
    from: {
      type: 'string',
      value: 'file',
      describe: 'a document that says what is wanted, or a directory of them',
    },
    scope: {
      type: 'string',
      array: true,
      value: 'glob',
      describe: 'what every new item may change, whatever the agent says',
    },
    yes: { type: 'boolean', describe: 'write what was drafted without a question; wants --scope' },
  },
  optional: { goal: 'what is to be reached, in words' },
  ownSignals: true,
  usage: ({ goal, from, yes, scope }) => {
    if (goal === undefined && from === undefined) return 'what is to be reached? A goal in words, or --from'
    // Else an agent would say what agents may change.
    return yes === true && scope === undefined
      ? '--yes wants --scope: what the new items may change'
      : undefined
  },
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const site = personSite(context, 'backlog new', args.cwd)
    if (!site.ok) return site
    const yes = args.yes === true
    if (!yes && !io.interactive)
      return fail('not-confirmed', 'nobody can be asked here about what an agent drafts', {
        fix: "the same with --yes and --scope 'src/**'",
      })
    const { root } = site.value
    const config = checkoutConfig(root)
    if (!config.ok) return config
    const sources: Result<readonly PlanSource[]> =
      args.from === undefined ? ok([]) : readSources(path.resolve(context.env.cwd, args.from))
    if (!sources.ok) return sources
    const aim = { goal: args.goal ?? null, sources: sources.value }
    const answer = await answeredAtBase(
      io,
      site.value,
      (ground, show) => draftBacklog(ground, { aim, scope: args.scope ?? null }, show),
      (drafted) =>
        yes ? unasked(context, root, drafted, config.value) : asked(io, root, drafted, config.value),
    )
    return !answer.ok && answer.error.code === 'agent-quota'
      ? ok(failureOutcome(answer.error, restCode({ state: 'suspended', until: null })))
      : answer
  },
})

/** Without a person only what nothing speaks against is written. */
function unasked(
  context: Context,
  root: string,
  drafted: Drafted,
  config: ProjectConfig,
): Result<CliOutcome> {
  const drafts = lookAtDrafts(drafted.files, readBacklogFiles(root), config)
  const { isPassed, findings, seen } = drafted
  const held = seen.ok
    ? seen.value.problems.map((one) => `  ${one.file} ${one.path}: ${one.found}`)
    : [`  what fails today is not known: ${seen.error.message}`]
  const said = isPassed ? [] : findings.map((one) => `  ${one.item ?? 'all'}: ${one.fault}: ${one.text}`)
  if (!isPassed || held.length > 0 || drafts.problems.length > 0)
    return fail(
      'plan-unsettled',
      ['nothing was written, because something still speaks against the items', ...said, ...held].join('\n'),
      {
        fix: 'autonomous-loop backlog new ... (on a terminal, where they can be edited)',
        data: { ...draftFields(drafts, drafted, config) },
      },
    )
  return written(context, root, drafts, drafted, config)
}

async function asked(
  io: Io,
  root: string,
  drafted: Drafted,
  config: ProjectConfig,
): Promise<Result<CliOutcome>> {
  let drafts = lookAtDrafts(drafted.files, readBacklogFiles(root), config)
  for (;;) {
    process.stderr.write(printDoc(draftDoc(drafts, drafted, config), false))
    const many = drafts.files.length
    const question = `Write ${many === 1 ? 'this item' : `these ${many} items`} (e: edit them first)?`
    const said = await confirmOrEdit(question, 'nothing was written')
    if (!said.ok) return said
    if (said.value === 'no') return ok(declined('backlog new', 'Nothing was written.'))
    if (said.value === 'yes' && drafts.problems.length === 0 && many > 0)
      return written(io.context, root, drafts, drafted, config)
    if (said.value === 'yes') process.stderr.write('Not yet: correct what is named above, with e.\n')
    else {
      const edited = editDrafts(io.context.env, drafts.files)
      if (!edited.ok) return edited
      drafts = lookAtDrafts(edited.value, readBacklogFiles(root), config)
    }
  }
}

function written(
  context: Context,
  root: string,
  drafts: ItemDrafts,
  drafted: Drafted,
  config: ProjectConfig,
): Result<CliOutcome> {
  const items = drafts.files.map(({ name, text }) => ({ name, text }))
  const files = writeItems(root, { items, config: null })
  if (!files.ok) return files
  const many = items.length
  const next = nextToAccept(context, root, false)
  return ok(
    done(
      { ok: true, repo_root: root, ...draftFields(drafts, drafted, config), written: files.value, next },
      () => [
        ...draftDoc(drafts, drafted, config),
        '',
        `${many === 1 ? 'One item was' : `${many} items were`} written. Nobody has accepted them yet.`,
        `Next: ${next}`,
      ],
    ),
  )
}
