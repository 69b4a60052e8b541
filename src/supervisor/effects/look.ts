import path from 'node:path'
import { type Result, err, ok } from '../../base/result.ts'
import { placeIn } from '../../ledger/paths.ts'
import { problemsFailure } from '../../records/policy.ts'
import { itemContract } from '../judge/batch-config.ts'
import type { NewBatchEvent } from '../record/events.ts'
import { judgeTree } from '../judge/judge-tree.ts'
import type { World } from '../world.ts'

/**
 * Asks the engine about the head as it is: where it would release an item before anybody worked, there is nothing to do. Codes: those
 * of judgeTree.
 */
export async function lookAtItem(world: World, item: string): Promise<Result<readonly NewBatchEvent[]>> {
  const { batch, config, settings } = world
  const { head } = world.ledger.state()
  const whole = world.item(item)
  const contract = itemContract(whole, config, settings)
  if (!contract.ok) return err(problemsFailure('invalid-contract', whole.file, contract.error))
  const said = await judgeTree(world, {
    place: placeIn(path.join(batch.dir, 'looked', `${item}-${head}`)),
    contract: contract.value,
    item,
    attempt: 0,
    head,
    since: world.ledger.state().redChecks,
    tree: head,
  })
  if (!said.ok) return said
  const { judged } = said.value
  if (judged.kind === 'gone') return ok([])
  const isMet = judged.kind === 'judged' && judged.record.verdict === 'release'
  return ok([{ type: 'looked', data: { item, head, isMet } }])
}
