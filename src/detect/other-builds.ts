import type { RepoFiles } from './files.ts'
import type { Suggestion } from './suggestion.ts'

interface Build {
  /** Names of the file. */
  readonly file: RegExp
  readonly argv: (text: string) => string
}

const always = (argv: string) => () => argv

/** Build files that no detector reads, with what usually tests their projects. */
const BUILDS: readonly Build[] = [
  { file: /^mix\.exs$/, argv: always('mix test') },
  { file: /^rebar\.config$/, argv: always('rebar3 eunit') },
  { file: /^gleam\.toml$/, argv: always('gleam test') },
  { file: /^build\.zig$/, argv: always('zig build test') },
  { file: /^Package\.swift$/, argv: always('swift test') },
  { file: /^build\.sbt$/, argv: always('sbt test') },
  { file: /^build\.(?:mill|sc)$/, argv: always('mill __.test') },
  { file: /^(?:MODULE\.bazel|WORKSPACE(?:\.bazel)?)$/, argv: always('bazel test //...') },
  {
    file: /^pubspec\.yaml$/,
    argv: (text) => (/^\s+sdk:\s*flutter\b/m.test(text) ? 'flutter test' : 'dart test'),
  },
  { file: /^stack\.yaml$/, argv: always('stack test') },
  { file: /^(?:cabal\.project|.+\.cabal)$/, argv: always('cabal test all') },
  { file: /^dune-project$/, argv: always('dune test') },
  { file: /^project\.clj$/, argv: always('lein test') },
  { file: /^shard\.yml$/, argv: always('crystal spec') },
  { file: /^foundry\.toml$/, argv: always('forge test') },
  { file: /^meson\.build$/, argv: always('meson test -C build') },
  { file: /^build\.xml$/, argv: always('ant test') },
  { file: /^.+\.nimble$/, argv: always('nimble test') },
]

/** The projects of such files in the root; one of each kind, and Haskell's Stack before its Cabal. */
export function otherBuilds(look: RepoFiles): Suggestion[] {
  const names = look.names('.')
  const seen = BUILDS.flatMap(({ file, argv }): Suggestion[] => {
    const name = names.find((one) => file.test(one) && look.has(one))
    if (name === undefined) return []
    const words = argv(look.text(name) ?? '').split(' ')
    return [{ file: name, argv: words, cwd: '.', does: [words.slice(0, 2)] }]
  })
  const has = (program: string): boolean => seen.some((one) => one.argv[0] === program)
  return seen.filter(({ argv: [program] }) => program !== 'cabal' || !has('stack'))
}

/** The name of such a file. */
export const OTHER_BUILD = new RegExp(BUILDS.map(({ file }) => file.source).join('|'))
