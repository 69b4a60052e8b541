import { shellWord } from '../../base/shell-word.ts'
import { err, ok } from '../../base/result.ts'
import { parseTasks } from '../../contract/tasks.ts'
import { findRepo } from '../../evidence/git/repo.ts'
import { protectsNothingNow } from '../../evidence/protects-nothing.ts'
import { protectsNothingWords, shownEvidence } from '../../verdict/words/protects-nothing.ts'
import { checkedContract, contractFailure } from '../checked-contract.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { type Doc, columns, good, warn } from '../render/doc.ts'
import { scopeRows } from '../render/scope.ts'

/** `contract lint <file>`: every problem of a contract file at once, with its line. Exit status 0: `request enable` takes it. */
export const contractLint = command({
  flags: cwdFlag,
  words: { contract: 'a contract file, or the name of one in .codex/contracts/' },
  run: async (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const found = checkedContract(args.contract, cwd.value)
    if (!found.ok) return found
    const { file, root, checked, config, project } = found.value
    if (checked.input === null) return err(contractFailure(file, checked.problems, cwd.value))
    const tasks = checked.input.taskTexts.length
    const { objective, scope = null } = checked.input
    const read = parseTasks(checked.input.taskTexts)
    // Elsewhere there is nothing that it could be about.
    const isThere = config !== 'missing' || findRepo(root) !== null
    const nothing =
      isThere && read.ok ? shownEvidence(read.value, await protectsNothingNow(root, read.value)) : []
    const answer = {
      ok: true,
      file,
      objective,
      tasks,
      scope,
      config,
      problems: [],
      ...(nothing.length > 0 ? { protects_nothing: nothing } : {}),
    }
    return ok(
      done(answer, () => [
        [
          good('✓ '),
          `${file}: ${tasks === 0 ? 'no tasks, so any change will do' : `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`}`,
        ],
        ...columns(scopeRows({ policy: project?.policy.scope ?? null, contract: scope }), 2),
        ...configWords(config),
        ...(nothing.length > 0 ? [[warn('evidence: '), protectsNothingWords(nothing, 'is')]] : []),
        `Next: autonomous-loop request enable --contract ${shellWord(args.contract)}`,
      ]),
    )
  },
})

function configWords(config: 'checked' | 'missing' | 'invalid'): Doc {
  if (config === 'checked') return []
  const why =
    config === 'missing' ? 'the repository has no config' : 'the config of the repository has problems itself'
  return [[warn('not checked: '), `names of commands and gate profiles, because ${why}`]]
}
