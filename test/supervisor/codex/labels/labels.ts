import type { Label } from '../label.ts'
import { asks } from './asks.ts'
import { claims } from './claims.ts'
import { within } from './within.ts'
import { writes } from './writes.ts'

/** What the real Codex may come to, each with its known end. Items have numbers of their own, so that all labels fit into one backlog. */
export const labels: readonly Label[] = [...claims, ...asks, ...within, ...writes]

/** Is held; has sub-agents; has hooks; writes where it may not. */
export const sample: readonly Label[] = ['002', '007', '009', '013'].map((id) =>
  labels.find((one) => id in one.expected)!,
)
