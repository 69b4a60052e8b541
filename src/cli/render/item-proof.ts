import { oneLine } from '../../base/text.ts'
import type { Item } from '../../backlog/item.ts'
import { askedFor } from '../../contract/evidence-kinds.ts'
import { hasImplicitTask } from '../../contract/implicit-task.ts'
import { releaseCommands } from '../../contract/release-commands.ts'
import type { ProjectConfig } from '../../contract/types.ts'

/** What has to be there for an item to be done, in words. */
export function proofOf(item: Item): readonly string[] {
  if (hasImplicitTask(item.contract)) return ['anything in the scope changed']
  return item.contract.tasks
    .filter((task) => task.required)
    .flatMap((task) => task.evidence.map((one) => oneLine(askedFor(one), 200)))
}

/** All that an item has to pass, on one line. */
export function proofLine(item: Item, config: ProjectConfig): string {
  return [...proofOf(item), `gates ${gatesOf(item, config).join(', ') || 'none'}`].join('; ')
}

/** Names of the commands that have to pass. */
export function gatesOf(item: Item, config: ProjectConfig): readonly string[] {
  return releaseCommands({ contract: item.contract, config }).map((one) => one.name)
}
