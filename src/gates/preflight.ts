/** What is tried in a box before it is believed: each of them is a way out to what other programs have. */
export const probes = [
  'late-socket',
  'fifo',
  'keyring',
  'parent-memory',
  'kernel-settings',
  'descriptors',
] as const
export type Probe = (typeof probes)[number]

/** What came of a probe. `untried`: this machine has nothing to try it with, which says nothing about the box. */
export type ProbeResult = 'held' | 'reached' | 'untried'

export type Results = Readonly<Record<Probe, ProbeResult>>

/** What was not held, and what nobody knows. Everything else was tried and held. */
export interface Preflight {
  readonly reached: readonly Probe[]
  readonly untried: readonly Probe[]
}

/** As they were written down; what is not among them was not tried, and does not count as held. */
export function readResults(written: Readonly<Record<string, unknown>>): Results {
  const result = (probe: Probe): ProbeResult => {
    const one = written[probe]
    return one === 'held' || one === 'reached' ? one : 'untried'
  }
  return Object.fromEntries(probes.map((probe) => [probe, result(probe)])) as Record<Probe, ProbeResult>
}

export function preflightOf(results: Results): Preflight {
  const those = (result: ProbeResult): Probe[] => probes.filter((probe) => results[probe] === result)
  return { reached: those('reached'), untried: those('untried') }
}
