import { err, fail, ok } from '../../base/result.ts'
import { hashContract } from '../../contract/hash.ts'
import { checkedContract, contractFailure } from '../checked-contract.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { historyOf } from '../history-of.ts'
import { done } from '../outcome.ts'
import { contractDoc } from '../render/contract.ts'
import { showPins } from '../show-pins.ts'
import { idTwice, whichRun } from '../which-run.ts'

/** `contract show`: what a run is held to; with `--file`, what a run from that file would be held to. */
export const contractShow = command({
  flags: {
    file: {
      type: 'string',
      value: 'contract',
      describe: 'a contract file, or the name of one in .codex/contracts/',
    },
    pins: {
      type: 'boolean',
      describe: 'what is frozen and for which command: of a run, or of the config where no run is open',
    },
    ...whichRun.flags,
  },
  optional: whichRun.optional,
  usage: (args) =>
    args.pins === true && args.file !== undefined
      ? '--pins and --file cannot be given together'
      : idTwice(args),
  run: (args, { context }) => {
    if (args.pins === true) return showPins(context, args)
    if (args.file === undefined) {
      const history = historyOf(context, args)
      if (!history.ok) return history
      const { contract, activation, runId, status } = history.value.run
      return ok(
        done(
          {
            run_id: runId,
            state: status,
            contract_hash: hashContract(contract),
            contract,
            config: activation.config,
          },
          () => contractDoc(contract, activation.config),
        ),
      )
    }
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const found = checkedContract(args.file, cwd.value)
    if (!found.ok) return found
    const { file, checked, project } = found.value
    if (checked.problems.length > 0) return err(contractFailure(file, checked.problems, cwd.value))
    const { contract } = checked
    return contract
      ? ok(done({ file, contract }, () => contractDoc(contract, project)))
      : fail(
          'config-missing',
          'a contract takes gates and limits from the config of its repository, and it cannot be read',
          {
            fix: 'autonomous-loop install-repo --repo .',
          },
        )
  },
})
