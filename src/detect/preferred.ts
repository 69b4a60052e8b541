import { type Result, fail, ok } from '../base/result.ts'
import { CONFIG_TO_COPY, byHand } from './by-hand.ts'
import { type Combined, combine } from './combine.ts'
import { readPackageJson } from './node.ts'
import { checkPreferred, readScripts } from './node-scripts.ts'
import { notesOn, scriptCommand } from './script-choice.ts'
import type { DetectRequest, DetectedCommand, Detection, Detector, ScriptSource } from './detection.ts'

/**
 * `--prefer-scripts`: exactly these, in this order. Scripts of package.json first, then targets, recipes and tasks.
 * Codes: invalid_preferred_script, missing_preferred_script, missing_verification_commands, and those of Node.
 */
export function detectPreferred(
  request: DetectRequest,
  names: readonly string[],
  detectors: readonly Detector[],
): Result<Combined> {
  const packageJson = readPackageJson(request.root)
  if (!packageJson.ok) return packageJson
  const own = packageJson.value === null ? null : readScripts(packageJson.value).scripts
  const sources = detectors.flatMap((detector) => {
    const source = detector.scripts?.(request) ?? null
    return source === null ? [] : [{ detector, source }]
  })
  if (own === null && sources.length === 0)
    return fail(
      'missing_verification_commands',
      `${request.root} has no file with scripts, targets or tasks for --prefer-scripts`,
      { fix: byHand, data: { config_to_copy: CONFIG_TO_COPY } },
    )
  const valid = checkPreferred(names)
  if (!valid.ok) return valid
  const wanted = [...new Set(names)]
  const scripts = wanted.filter((name) => own?.has(name) === true)
  const elsewhere = wanted.filter((name) => !scripts.includes(name))
  const missing = elsewhere.filter((name) => !sources.some(({ source }) => source.scripts.has(name)))
  if (missing.length > 0) return notThere(missing, own, sources)

  const found: [Detector, Detection][] = []
  const node = detectors.find((one) => one.name === 'node')
  if (node !== undefined && (scripts.length > 0 || sources.length === 0)) {
    const detected = node.detect({ ...request, preferScripts: scripts })
    if (!detected.ok) return detected
    if (detected.value !== null) found.push([node, detected.value])
  }
  for (const { detector, source } of sources) {
    const mine = elsewhere.filter(
      (name) => sources.find((one) => one.source.scripts.has(name))?.source === source,
    )
    if (mine.length > 0) found.push([detector, ofSource(detector, source, mine)])
  }
  const combined = combine(found.map(([detector, one]) => [detector, withoutCover(one)]))
  // In the person's order.
  const at = (command: DetectedCommand): number => wanted.indexOf(command.name)
  return ok({ ...combined, commands: [...combined.commands].sort((a, b) => at(a) - at(b)) })
}

function ofSource(detector: Detector, source: ScriptSource, names: readonly string[]): Detection {
  return {
    ecosystem: detector.name,
    tool: null,
    commands: names.map((name) => scriptCommand(source, name, '--prefer-scripts')),
    notes: names.flatMap((name) => notesOn(source, name)),
  }
}

/** What a person names is taken, also when one of the commands runs another. */
function withoutCover(detection: Detection): Detection {
  return { ...detection, commands: detection.commands.map((one) => ({ ...one, runs: [] })) }
}

function notThere(
  missing: readonly string[],
  own: ReadonlyMap<string, unknown> | null,
  sources: readonly { readonly source: ScriptSource }[],
): Result<never> {
  const files = [
    ...(own === null ? [] : [{ file: 'package.json', kind: 'script', names: [...own.keys()] }]),
    ...sources.map(({ source }) => ({
      file: source.file,
      kind: source.kind,
      names: [...source.scripts.keys()],
    })),
  ]
  const all = files.flatMap((one) => one.names)
  return fail(
    'missing_preferred_script',
    `no ${files.map((one) => `${one.kind} in ${one.file}`).join(', ')} is named ${missing.join(', ')}`,
    {
      fix: all.length === 0 ? `add it to ${files[0]?.file}` : `choose among ${all.join(', ')}`,
      data: { missing },
    },
  )
}
