import type { Started } from './started.ts'

/** How long output may still arrive after the command itself has ended. */
const DRAIN_MS = 250

/** After the leader: a short time for the rest of the output, then an end for whoever is left, then the pipe closes. */
export async function drain(started: Started, endLeftovers: () => Promise<unknown>): Promise<void> {
  const drained = await within(started.drained, DRAIN_MS)
  await endLeftovers()
  if (!drained) await within(started.drained, DRAIN_MS)
  started.close()
}

async function within(event: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const came = await Promise.race([event.then(() => true), late])
  clearTimeout(timer)
  return came
}
