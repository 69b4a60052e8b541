/** Names of the places on a report page. A name is made of what the ledger holds, so it is encoded. */
export const anchor = {
  task: (id: string): string => `task-${encodeURIComponent(id)}`,
  gate: (name: string): string => `gate-${encodeURIComponent(name)}`,
  stop: (stop: number): string => `stop-${stop}`,
  gateAt: (stop: number, name: string): string => `stop-${stop}-${encodeURIComponent(name)}`,
} as const
