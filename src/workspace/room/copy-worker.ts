import { parentPort, workerData } from 'node:worker_threads'
import { type Copied, type CopyList, type Copying, copyHere } from './copy.ts'

/* A thread of its own that copies a part of a tree. Bundled as one small program; see copy-parts.ts. */

export interface CopyPart {
  readonly copying: Copying
  readonly list: CopyList
}

export type CopyAnswer =
  | { readonly kind: 'copied'; readonly copied: Copied }
  /** What the file system said, as far as it is kept on the way. */
  | {
      readonly kind: 'failed'
      readonly message: string
      readonly code: string | undefined
      readonly errno: number | undefined
    }

const { copying, list } = workerData as CopyPart
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origins, unlike a window's
parentPort?.postMessage(answer())

function answer(): CopyAnswer {
  try {
    return { kind: 'copied', copied: copyHere(copying, list) }
  } catch (error) {
    const { message, code, errno } = error as NodeJS.ErrnoException
    return { kind: 'failed', message, code, errno }
  }
}
