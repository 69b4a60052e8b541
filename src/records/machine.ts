import * as z from 'zod/mini'
import { parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { homePaths } from '../ledger/paths.ts'

const schema = z.object({
  v: z.literal(1),
  /** Version of ours whose bundles lie in `bin/<version>/`. */
  version: z.string(),
  installedAt: z.number(),
  node: z.string(),
  codexHome: z.string(),
  codex: z.nullable(z.object({ path: z.string(), native: z.string(), version: z.nullable(z.string()) })),
  /** Timeout of the Stop hook in hooks.json, seconds; the hook's own deadline follows from it. */
  stopTimeoutSeconds: z.number(),
  /** Directory of our copy of node-pty; null when it is not installed. */
  nodePty: z.nullable(z.string()),
  hooks: z.array(z.object({ event: z.string(), command: z.string(), trust: z.nullable(z.string()) })),
  /** What merging hooks.json remembered, for a byte-exact removal; read by codex/hooks-removal. */
  hooksInstalled: z.unknown(),
  /** `[tools.update_plan] enabled` in config.toml is ours: nothing said it before. */
  planTool: z.optional(z.boolean()),
  /** What `bootstrap --claude` put into Claude Code's settings; absent: nothing. */
  claude: z.optional(
    z.object({
      settings: z.string(),
      hooks: z.array(z.object({ event: z.string(), command: z.string() })),
      /** As hooksInstalled, for settings.json. */
      installed: z.unknown(),
      /** The lifted cap on blocks in a row, where it is ours. */
      cap: z.unknown(),
    }),
  ),
  /** Files of ours outside the home (the skill) by path, with the SHA-256 we wrote. */
  files: z.record(z.string(), z.string()),
})

/** `machine.json`: what bootstrap installed. */
export type Machine = z.infer<typeof schema>

/** Codes: machine-missing, machine-unreadable. */
export function readMachine(home: string): Result<Machine> {
  const file = homePaths(home).machine
  const text = readTextSafe(file, { maxBytes: 4_000_000 })
  if (!text.ok)
    return fail(
      text.error.code === 'missing' ? 'machine-missing' : 'machine-unreadable',
      text.error.message,
      {
        fix: 'autonomous-loop bootstrap',
      },
    )
  const json = parseJson(text.value, file)
  const parsed = json.ok ? schema.safeParse(json.value) : null
  if (!parsed?.success)
    return fail('machine-unreadable', `${file} does not hold what bootstrap writes`, {
      fix: 'autonomous-loop bootstrap',
    })
  return ok(parsed.data)
}

/** Throws on a system error. */
export function writeMachine(home: string, machine: Machine): void {
  writeFileWhole(homePaths(home).machine, `${JSON.stringify(machine, null, 2)}\n`)
}
