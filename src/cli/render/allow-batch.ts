import { never } from '../../base/result.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { BatchConfig } from '../../supervisor/orders/amend-batch.ts'
import { type Doc, strong, warn } from './doc.ts'

/** What becomes of the open batch of a repository whose config was approved; nothing where that changes nothing for it. */
export function allowedBatchDoc(batch: BatchConfig, repo: string): Doc {
  switch (batch) {
    case 'none':
    case 'same':
      return []
    case 'amended':
      return [
        'The open batch goes by it from its next start. Open candidates are judged again, and what is done stays done.',
      ]
    case 'differs':
      return [
        ['', warn('The open batch keeps the config that it has.')],
        ['  accept it there too: ', strong(`autonomous-loop allow --amend --repo ${shellWord(repo)}`)],
      ]
    default:
      return never(batch, 'config of a batch')
  }
}
