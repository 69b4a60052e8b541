import fs from 'node:fs'
import path from 'node:path'
import type { Result } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { usesCleanRoom } from '../contract/verify.ts'
import type { BoxRung } from '../gates/types.ts'
import { openPolicy } from '../records/policy.ts'
import { requestPreflight } from '../records/preflight.ts'
import { foundBox, trySandbox } from '../records/sandbox-launcher.ts'
import { whyNoRoom } from '../records/known-box.ts'
import { heldWords, rungWords } from '../verdict/words/place.ts'
import { type Check, advice, failed, failedWith, passed, skipped } from './check.ts'
import type { DoctorLook } from './look.ts'
import { isRepository } from './repo.ts'

export function gateSandbox(look: DoctorLook): Check {
  const { codex, context, root } = look
  if (!codex.ok) return failedWith(codex.error, 'npm install -g @openai/codex')
  const policy = openPolicy(context.env.home, root)
  if (policy.ok && policy.value.config.policy.sandbox === 'off')
    return skipped('the config of this repository runs gates without the sandbox')
  return inPlace(look, policy.ok, (dir) => tried(trySandbox(context, dir, codex.value.native)))
}

/** In the repository itself, because what the sandbox refuses can lie there; elsewhere in a directory of its own. */
function inPlace({ context, root }: DoctorLook, approved: boolean, look: (dir: string) => Check): Check {
  if (approved || isRepository(root)) return look(root)
  const { tmpDir } = context.env
  let dir: string
  try {
    dir = fs.mkdtempSync(path.join(tmpDir, 'autoloop-doctor-'))
  } catch (error) {
    return failed(`no directory can be made in ${tmpDir}: ${systemWords(error)}`, `make room in ${tmpDir}`)
  }
  try {
    return look(dir)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

/** Only a config of version 2 asks for it; to others it is told what one would get. What it holds is tried each time. */
export function gateBox(look: DoctorLook): Check {
  const { codex, context, root } = look
  if (!codex.ok) return failedWith(codex.error, 'npm install -g @openai/codex')
  const { native } = codex.value
  const policy = openPolicy(context.env.home, root)
  const asked = policy.ok && policy.value.config.version === 2 && policy.value.config.policy.sandbox === 'on'
  return inPlace(look, policy.ok, (dir) => {
    const made = requestPreflight(context, dir, native)
    const { on, preflight } = foundBox(context, dir, native)
    const about = {
      rung: on.rung,
      not_held: preflight?.reached ?? null,
      not_tried: preflight?.untried ?? null,
    }
    if (on.rung === 'box' && made.ok && preflight?.reached.length === 0) return passed(about)
    const why = made.ok ? on.why : made.error.message
    const words = `gates run ${rungWords(on.rung)}${heldWords(preflight)}${why === null ? '' : ` (${why})`}`
    return asked ? advice(failed(words, boxFix(on.rung), about)) : skipped(words, about)
  })
}

/** Only where a config wants it: a room that cannot be made is a gate that never passes. */
export function cleanRoom({ codex, context, root }: DoctorLook): Check {
  const policy = openPolicy(context.env.home, root)
  if (!policy.ok || !usesCleanRoom(policy.value.config))
    return skipped('no gate of this repository has to pass in a clean room')
  if (!codex.ok) return failedWith(codex.error, 'npm install -g @openai/codex')
  const why = whyNoRoom(context, codex.value.native, root)
  return why === null
    ? passed()
    : failed(
        `the config wants gates to pass in a clean room, and this machine makes none: ${why}`,
        'see what gate_box says; or "verify": "in-place" in the config, then: autonomous-loop allow',
        { error_code: 'room-refused' },
      )
}

const boxFix = (rung: BoxRung): string =>
  rung === 'box'
    ? 'look at "The box" in docs/security.md for what that means'
    : 'give the commands that need no loopback "network": "none"'

function tried(sandbox: Result<true>): Check {
  return sandbox.ok ? passed() : failedWith(sandbox.error, 'autonomous-loop bootstrap')
}
