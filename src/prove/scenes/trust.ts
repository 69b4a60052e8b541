import { failureOf, list, member, text } from '../look.ts'
import type { Observation } from '../claims.ts'
import type { Answered, World } from '../world.ts'

export interface TrustSeen {
  readonly observations: readonly Observation[]
  /** Whether anything can be shown after it. */
  readonly installed: boolean
}

/**
 * Installs twice, as a person would: without `--trust`, when Codex runs none of our hooks and everything must say so,
 * then with it. The word is Codex's own, through its app server.
 */
export async function trustScene(world: World, repo: string): Promise<TrustSeen> {
  const bare = await world.cli(['bootstrap'], repo)
  const doctorBefore = await world.cli(['doctor', '--cwd', repo], repo)
  const full = await world.cli(['bootstrap', '--trust'], repo)
  const doctorAfter = await world.cli(['doctor', '--cwd', repo], repo)
  const observations = [notEnforced(bare, doctorBefore), enforced(full, doctorAfter)]
  return { observations, installed: full.json !== null && full.code === 0 }
}

function notEnforced(bare: Answered, doctor: Answered): Observation {
  const states = trustOf(bare)
  const check = member(doctor.json, 'checks', 'enforced')
  const fix = text(member(check, 'remediation'))
  const ok =
    bare.code === 0 &&
    states.length > 0 &&
    states.every((state) => state === 'untrusted') &&
    member(bare.json, 'enforced') === 'unproven' &&
    doctor.code === 1 &&
    member(check, 'ok') === false &&
    fix.includes('bootstrap --trust')
  const seen = ok ? `doctor fails and names the fix: ${fix}` : wrong(bare, doctor, states)
  return { id: 'untrusted', ok, seen, ms: bare.ms }
}

function enforced(full: Answered, doctor: Answered): Observation {
  const states = trustOf(full)
  const ok =
    full.code === 0 &&
    states.length > 0 &&
    states.every((state) => state === 'trusted' || state === 'managed') &&
    member(full.json, 'enforced') === 'trusted' &&
    member(doctor.json, 'checks', 'enforced', 'ok') === true
  const seen = ok ? `${states.length} hooks, all trusted` : wrong(full, doctor, states)
  return { id: 'trusted', ok, seen, ms: full.ms }
}

function trustOf(answer: Answered): unknown[] {
  return list(answer.json, 'hooks').map((hook) => member(hook, 'trust'))
}

function wrong(boot: Answered, doctor: Answered, states: readonly unknown[]): string {
  if (boot.code !== 0 || boot.json === null) return failureOf('bootstrap', boot)
  const check = member(doctor.json, 'checks', 'enforced')
  if (check === undefined) return failureOf('doctor', doctor)
  return `hooks ${states.map(String).join(', ')}; doctor's check "enforced": ${JSON.stringify(check)}`
}
