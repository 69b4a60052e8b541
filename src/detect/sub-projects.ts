import path from 'node:path'
import { RepoFiles } from './files.ts'
import { OTHER_BUILD, otherBuilds } from './other-builds.ts'
import type { Detector } from './detection.ts'
import type { Suggestion } from './suggestion.ts'

const MAX_DEPTH = 3

/** What says that a directory below the root is a project. Go's modules are gates of their own. */
const FILES: Readonly<Record<string, RegExp>> = {
  node: /^package\.json$/,
  deno: /^deno\.jsonc?$/,
  python: /^(?:pyproject\.toml|setup\.py|requirements\.txt|tox\.ini)$/,
  rust: /^Cargo\.toml$/,
  maven: /^pom\.xml$/,
  gradle: /^(?:build|settings)\.gradle(?:\.kts)?$/,
  dotnet: /\.(?:slnx?|(?:cs|fs|vb)proj)$/,
  ruby: /^Gemfile$/,
  php: /^composer\.json$/,
}

/** Nobody expects the project's own gates to test these. */
const ASIDE =
  /(?:^|\/)(?:examples?|samples?|demos?|testdata|fixtures?|__\w+__|tests?|specs?|e2e|docs?|templates?|third[-_]party|contrib|external|fuzz|bench(?:marks?)?)(?:\/|$)/i

const ANY = new RegExp([...Object.values(FILES), OTHER_BUILD].map((one) => one.source).join('|'))

export interface SubProject extends Suggestion {
  /** The detector that knows it; null for a build that none reads. */
  readonly ecosystem: string | null
}

/** Projects below the root that have tests, the nearest first; of one inside another of its kind only the outer. */
export function subProjects(
  look: RepoFiles,
  detectors: readonly Detector[],
  packageManager: string,
): SubProject[] {
  const seen: { readonly kind: string; readonly dir: string }[] = otherBuilds(look).map((one) => ({
    kind: kindOf(one),
    dir: '.',
  }))
  const isFirst = (kind: string, dir: string): boolean => {
    const inside = seen.some(
      (one) => one.kind === kind && (one.dir === '.' || dir === one.dir || dir.startsWith(`${one.dir}/`)),
    )
    if (!inside) seen.push({ kind, dir })
    return !inside
  }
  return look.all(ANY, MAX_DEPTH).flatMap((file): SubProject[] => {
    const { dir, base } = path.posix.parse(file)
    if (dir === '' || ASIDE.test(dir)) return []
    const mine = detectors.filter(({ name }) => FILES[name]?.test(base) === true)
    return [
      ...mine
        .filter(({ name }) => isFirst(name, dir))
        .flatMap((detector) => known(look, detector, file, packageManager)),
      ...(OTHER_BUILD.test(base) ? unknown(look, dir).filter((one) => isFirst(kindOf(one), dir)) : []),
    ]
  })
}

/** Stack and Cabal build the same packages. */
const kindOf = ({ argv: [program] }: Suggestion): string => `build ${program === 'cabal' ? 'stack' : program}`

/** What the detector makes of the directory as a repository of its own. */
function known(look: RepoFiles, detector: Detector, file: string, packageManager: string): SubProject[] {
  const cwd = path.posix.dirname(file)
  // Without tests `dotnet test` passes, and a solution may be one of C++.
  if (detector.name === 'dotnet' && !/test/i.test(look.text(file) ?? '')) return []
  const root = path.join(look.root, cwd)
  const own = detector.detect({ root })
  // Its lock file may stand in the root.
  const detected = own.ok || detector.name !== 'node' ? own : detector.detect({ root, packageManager })
  const command = detected.ok ? detected.value?.commands.find((one) => one.tests) : undefined
  return command === undefined
    ? []
    : [{ file, argv: command.argv, cwd, does: command.does, ecosystem: detector.name }]
}

function unknown(look: RepoFiles, cwd: string): SubProject[] {
  return otherBuilds(new RepoFiles(path.join(look.root, cwd))).map((one) => ({
    ...one,
    file: `${cwd}/${one.file}`,
    cwd,
    ecosystem: null,
  }))
}
