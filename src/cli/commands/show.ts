import { type Result, ok } from '../../base/result.ts'
import { directoryOf } from '../directory.ts'
import { showItem } from '../../views/show/show-item.ts'
import { textsOf } from '../../views/show/texts.ts'
import { command, cwdFlag } from '../command.ts'
import { exportItem } from '../export-item.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { showAnswer } from '../render/show-answer.ts'
import { showDoc } from '../render/show.ts'
import { batchHere, batchNamed, isNewest } from '../which-subject.ts'

/** `show`: one item of a batch, looked at closely. Reads only, also while the batch runs. */
export const show = command({
  words: { item: 'number of the item' },
  flags: {
    ...cwdFlag,
    'batch-id': { type: 'string', value: 'id', describe: 'of another batch than the newest here' },
    attempt: { type: 'number', describe: 'number of the attempt (default: the last one)' },
    diff: { type: 'boolean', describe: 'the whole patch' },
    prompt: { type: 'boolean', describe: 'what the agent was told in each turn' },
    log: { type: 'boolean', describe: 'all that the agent printed' },
    export: {
      type: 'string',
      value: 'dir',
      describe: 'write everything of the item, of every attempt, into this directory',
    },
  },
  usage: ({ export: dir }) => (dir === '' ? 'say where: --export <dir>' : undefined),
  run: async (args, { context }): Promise<Result<CliOutcome>> => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const id = args['batch-id']
    const subject = id === undefined ? batchHere(context, cwd.value) : batchNamed(context, id)
    if (!subject.ok) return subject
    const { found } = subject.value
    const shown = await showItem(context, found, {
      item: args.item,
      attempt: args.attempt ?? null,
      isNewest: isNewest(context, found),
    })
    if (!shown.ok) return shown
    if (args.export !== undefined) return exportItem(context, found, shown.value, args.export)
    const { diff, prompt, log } = args
    const asked = { diff: diff === true, prompt: prompt === true, log: log === true }
    const texts = await textsOf(context, found, shown.value.shown, asked)
    if (!texts.ok) return texts
    return ok(
      done(showAnswer(shown.value, texts.value), () => showDoc(shown.value, texts.value, context.clock())),
    )
  },
})
