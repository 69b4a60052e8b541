import { type Result, fail, ok } from '../base/result.ts'
import { type ManagedPlan, applyManaged, removePrograms } from '../setup/managed/managed.ts'
import { confirm } from './ask.ts'
import type { Io } from './command.ts'
import { type CliOutcome, declined, done } from './outcome.ts'
import { type Doc, type Line, bad, good, printDoc, quiet, strong } from './render/doc.ts'
import { screenWidth } from './screen.ts'

/** Shows the difference, asks (or was told yes), and carries a change of the machine's requirements out. */
export async function carryOutManaged(
  plan: ManagedPlan,
  io: Io,
  how: { readonly yes: boolean; readonly dry: boolean; readonly action: string },
): Promise<Result<CliOutcome>> {
  const { requirements } = plan.places
  const difference = lineDifference(plan.before ?? '', plan.after ?? '')
  const data = {
    ok: true,
    action: how.action,
    dry_run: how.dry,
    requirements,
    difference,
    files: plan.files.map(({ path }) => path),
  }
  const shown: Doc = [
    [strong(requirements), plan.after === null ? '  goes: nothing else is in it' : ''],
    ...difference.map((line): Line => [line.startsWith('+') ? good(line) : bad(line)]),
    ...(difference.length === 0 ? [[quiet('  stays as it is')]] : []),
    ...plan.files.filter(({ path }) => !path.includes('/cli/')).map(({ path }) => `writes ${path}`),
  ]
  if (how.dry) return ok(done(data, () => shown))
  if (!how.yes) {
    if (!io.interactive)
      return fail('not-confirmed', 'this changes Codex for every user of the machine, and nobody was asked', {
        fix: how.action.startsWith('bootstrap')
          ? 'autonomous-loop bootstrap --managed --trust'
          : 'autonomous-loop uninstall --managed --force',
      })
    process.stderr.write(printDoc(shown, process.stderr.isTTY, screenWidth(process.stderr)))
    const yes = await confirm('Change this for every user of this machine?', 'nothing was changed')
    if (!yes.ok) return yes
    if (!yes.value) return ok(declined(how.action, 'Nothing was changed.'))
  }
  const applied = await applyManaged(plan, io.context)
  if (!applied.ok) return applied
  if (how.action.startsWith('uninstall')) removePrograms(plan.places)
  return ok(
    done(data, () => [
      ...shown,
      '',
      [good('Done. '), 'Codex threads that run now keep what they began with: start them again.'],
      ...(how.action.startsWith('bootstrap')
        ? ['Each user still calls autonomous-loop bootstrap once; without it the hooks do nothing for them.']
        : []),
    ]),
  )
}

/** Lines that go (`- …`) and come (`+ …`); ours are insertions, so a common beginning and end are all there is to find. */
function lineDifference(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const result: string[] = []
  let at = 0
  for (const line of now) {
    const found = old.indexOf(line, at)
    if (found >= 0 && found - at < 40) {
      result.push(...old.slice(at, found).map((gone) => `- ${gone}`))
      at = found + 1
    } else result.push(`+ ${line}`)
  }
  return [...result, ...old.slice(at).map((gone) => `- ${gone}`)].filter((line) => line.trim().length > 1)
}
