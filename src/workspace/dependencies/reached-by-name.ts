import type { Ecosystem } from './dependency-change.ts'

/*
 * What a tool loads because it is installed, and not because settings name it. Plug-ins that settings name need no line: settings
 * are definition. A package whose required peer is a package of a gate's program counts too, so this holds only those that do
 * not say so. Nothing here is needed where the format or the installed files say it (`Brings`).
 */
const LOADED: Readonly<Record<Ecosystem, readonly RegExp[]>> = {
  node: [
    // prettier 1 and 2 look for them in node_modules.
    /^(?:@prettier\/plugin-|(?:@[^/]+\/)?prettier-plugin-)/,
    // karma's `plugins` is `karma-*` where nothing else is said.
    /^(?:@[^/]+\/)?karma-/,
    // vue-cli, size-limit, typedoc before 0.23, ember-cli, hexo and load-grunt-tasks take the names from package.json.
    /^(?:@vue\/cli-plugin-|(?:@[^/]+\/)?vue-cli-plugin-|@size-limit\/|size-limit-|typedoc-plugin-|(?:@ember\/|ember-)|hexo-)/,
    /^(?:@[^/]+\/)?(?:grunt|gulp)-/,
    // `npm test` in a project that mocha, nyc or tap of the start shares its loader with.
    /^(?:@istanbuljs\/nyc-config-|@tapjs\/)/,
  ],
  // Entry points (`pytest11`, `flake8.extension`, `pylint.plugins`) and `*.pth` have no sure name; these are those that do.
  python: [
    /^pytest-|-pytest$|^(?:flake8|pylint|mypy|coverage|tox|nox|hatch|setuptools)-|^(?:pip|setuptools|wheel|virtualenv)$/,
  ],
  // Build scripts and macros of a crate speak for that crate alone; see docs/decisions.md.
  rust: [],
  // Nothing runs when a module is downloaded, and a package is in no program that does not import it.
  go: [],
  // minitest loads `minitest/*_plugin.rb` of all gems, and RubyGems `rubygems_plugin.rb`.
  ruby: [/^(?:minitest|rubygems|bundler|rake|simplecov)(?:-|$)/],
  php: [/phpunit|pest|phpstan|extension-installer/],
}

/** Programs that tools start behind a gate's back. `node_modules/.bin` comes before all others in PATH. */
const BEHIND_ALL: ReadonlySet<string> = new Set(
  (
    'node nodejs npm npx corepack pnpm pnpx yarn yarnpkg bun bunx deno sh bash dash zsh env git make cc gcc g++ ' +
    'python python3 pip ruby bundle gem php composer cargo rustc go java cat cp mv rm ls mkdir echo test true false ' +
    'sed awk grep find xargs sort head tail tee which kill sleep time timeout printf uname dirname basename'
  ).split(' '),
)

export function isLoadedByName(ecosystem: Ecosystem, name: string): boolean {
  return LOADED[ecosystem].some((pattern) => pattern.test(name))
}

export function isReached(program: string, gatePrograms: ReadonlySet<string>): boolean {
  return gatePrograms.has(program) || BEHIND_ALL.has(program)
}
