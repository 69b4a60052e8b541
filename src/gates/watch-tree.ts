import type { JudgedTree } from './types.ts'

const EVERY_MS = 500

/** Tells `onOver` once when the gate has written too much; a full disk would be everybody's. Gives what ends the watching. */
export function watchTree(tree: JudgedTree | undefined, onOver: () => void): () => void {
  if (tree === undefined) return () => undefined
  const timer = setInterval(() => {
    if (!tree.isOver()) return
    clearInterval(timer)
    onOver()
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
