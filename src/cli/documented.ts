import { planningFaultsMarkdown } from '../supervisor/draft/planning-faults.ts'
import { codeSections } from './codes/codes.ts'
import { table } from './commands.ts'
import { codesMarkdown } from './render/codes-doc.ts'
import { callsMarkdown, happeningsMarkdown } from './render/happenings-doc.ts'
import { type Documented, commandsMarkdown } from './render/commands-doc.ts'

/** The reference of all commands that people call, as it stands in docs/commands.md. */
export async function commandReference(): Promise<string> {
  const all: readonly Documented[] = await Promise.all(
    table.entries
      .filter((entry) => entry.hidden !== true)
      .map(async ({ name, describe, same, load }) => ({
        name,
        describe,
        ...(same === undefined ? {} : { same }),
        command: await load(),
      })),
  )
  return commandsMarkdown(all)
}

/** The entries of all error codes, as they stand in TROUBLESHOOTING.md. */
export function codeReference(): string {
  return codesMarkdown(codeSections)
}

/** What is done at which moment of a batch, as it stands in docs/supervisor.md. */
export function happeningsReference(): string {
  return happeningsMarkdown()
}

/** What a command comes to where something about the repository is odd, as it stands in docs/supervisor.md. */
export function callsReference(): string {
  return callsMarkdown()
}

/** How backlogs go wrong, as it stands in docs/planning-faults.md. */
export function faultsReference(): string {
  return planningFaultsMarkdown()
}
