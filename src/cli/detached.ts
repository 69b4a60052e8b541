/** Says to a run how it was started; set by our own watcher alone. */
export const detachedVariable = 'AUTONOMOUS_LOOP_DETACHED'

/** Between a detached run, its watcher and the command that started both. */
export type DetachedNews =
  /** It has the batch, or waits for more to do. */
  | { readonly kind: 'at-work' }
  /** It ended before it was. */
  | { readonly kind: 'ended'; readonly code: number }

export function isNews(message: unknown): message is DetachedNews {
  const kind = (message as { readonly kind?: unknown } | null)?.kind
  return kind === 'at-work' || kind === 'ended'
}

/** Tells the process that started this one, if it still listens. */
export function tellStarter(news: DetachedNews): void {
  if (process.connected) process.send?.(news, () => {})
}
