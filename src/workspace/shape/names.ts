/** Formats in which settings, manifests and recipes are written. A file of data has the same endings. */
export const DATA_ENDINGS: ReadonlySet<string> = new Set(
  (
    'json jsonc json5 toml ini cfg conf config yml yaml xml properties plist env lock txt mk cmake gradle kts sbt bzl bazel nix ' +
    'mod sum work gemspec podspec cabal opam nimble sln csproj fsproj vbproj vcxproj props targets edn pth rc opts'
  ).split(' '),
)

/** Texts for people. No tool that judges work takes its settings from them. */
export const DOCUMENT_ENDINGS: ReadonlySet<string> = new Set(['md', 'markdown', 'rst', 'adoc'])

/** Sources that runtimes and runners load by their name alone, wherever they lie. */
export const LOADED_BY_NAME: ReadonlySet<string> = new Set([
  'sitecustomize.py',
  'usercustomize.py',
  'setup.py',
  'build.rs',
])

/** Directories that a runner loads from by their name, when they lie in a project's root. */
export const LOADED_DIRECTORIES: ReadonlySet<string> = new Set(['__mocks__'])

/** Directories that hold tests: what a runner loads by name there is theirs. */
export const TEST_DIRECTORY = /^(?:tests?|specs?|__tests__|testing)$/i

/** Where tools and packages are installed, and what tells of an installed package. */
export const TOOL_DIRECTORY = /^(?:node_modules|\.?venv|vendor|site-packages|.*\.(?:egg|dist)-info)$/i

/**
 * Settings as tools find them by themselves where sources lie: `vite.config.ts`, `karma.conf.js`, behind a dot. `use-workspace.ts` and
 * `account-setup.js` are work; a tool takes its settings from such a name only where something else names it.
 */
export const SETTINGS_NAME = /\.(?:config|conf|setup|workspace|preset)\.[^.]+$/i

/** The same in a project's root, where tools look for them: any of these words, and `gulpfile.js`, `noxfile.py`, `babelrc.js`. */
export const SETTINGS_WORD =
  /(?:^|[._-])(?:config|conf|cfg|rc|setup|settings|options|presets?|workspace|plugins?|env|environment|hooks?|register|loader|transform(?:er)?|reporter|runner|global|package|project|build|mix|manifest|tasks?|install)(?:[._-]|$)|(?:file|make|rc)\.[^.]+$/i

/** Sources that are compiled as a part of the work: no tool runs one for its settings, whatever its name. */
export const COMPILED_ENDINGS: ReadonlySet<string> = new Set('go c h cc cpp cxx hh hpp java cs rs'.split(' '))

/** Those that build the work themselves, in a project's root: `magefile.go`, `Build.java`. */
export const BUILD_PROGRAM = /^(?:build|make|mage.*)\.[^.]+$/i

/** Names by which a tool knows the directory of a project. */
export const MANIFEST =
  /^(?:package|deno|composer|tsconfig.*|jsconfig.*|project|nx|turbo|lerna)\.jsonc?$|^(?:pyproject|cargo|pipfile|gopkg)\.?(?:toml)?$|^(?:setup|tox|pytest|mypy)\.(?:cfg|ini)$|^requirements.*\.txt$|^go\.(?:mod|work)$|^(?:gem|rake|guard)file$|^pom\.xml$|^(?:build|settings)\.gradle(?:\.kts)?$|^cmakelists\.txt$|^(?:gnu)?makefile$|^meson\.build$|^build\.bazel$|\.(?:cs|fs|vb|vcx)proj$|\.gemspec$/i
