// The rooms below src/, from the ground floor up, and what each may import. Read by scripts/rooms.js, which also writes the
// rules of .oxlintrc.json from it.

/** A room imports rooms that stand before it, and never one that stands after it: not even a type. */
export const ROOMS = [
  'base',
  'contract',
  'evidence',
  'definition',
  'workspace',
  'gates',
  'box',
  'verdict',
  'ledger',
  'judging',
  'codex',
  'claude',
  'agents',
  'backlog',
  'records',
  'control',
  'hooks',
  'supervisor',
  'views',
  'detect',
  'setup',
  'doctor',
  'prove',
  'fleet',
  'dashboard',
  'cli',
]

/**
 * Narrower than the order. `only`: the rooms it may import at all; `types`: those of them of which it takes nothing but types;
 * `pure`: nothing of node either.
 */
export const NARROWER = {
  gates: { only: ['base', 'contract'] },
  box: { only: ['base', 'contract', 'gates'] },
  verdict: { types: ['evidence', 'definition', 'workspace', 'gates'], pure: true },
  // Of verdict also its pure functions: the fold counts as limits do.
  ledger: { types: ['contract', 'evidence', 'definition', 'workspace', 'gates'] },
  codex: { only: ['base'] },
  claude: { only: ['base', 'codex'] },
}

/** The rooms that a room may import, and those of them of which it may take only types. */
export function allowedFor(room) {
  const below = ROOMS.slice(0, ROOMS.indexOf(room))
  const { only = below, types = [], pure = false } = NARROWER[room] ?? {}
  return { rooms: below.filter((one) => only.includes(one)), types, pure }
}
