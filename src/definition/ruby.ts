import { type Collection, dirOf, join, collectedNames, plainWords } from './collection.ts'
import { fileRules } from './file-rules.ts'

const RAKEFILES = ['rakefile', 'Rakefile', 'rakefile.rb', 'Rakefile.rb']
const GEMFILES = ['Gemfile', 'gems.rb']
/** Longer lines are not taken apart. Characters. */
const MAX_LINE = 500
const MAX_GEMSPECS = 50
const TESTS = /(^|\/)(spec|test|tests|features)\//

/** Ruby: Rakefiles in rake's order, runner and linter options, Bundler's own settings and what its files do besides naming gems. */
export const ruby = fileRules('ruby', [
  {
    programs: ['bundle', 'bundler'],
    files: ['.bundle/config'],
    more({ argv, bins }, dir, collection) {
      for (const name of GEMFILES) pinGemfile(join(dir, name), collection)
      for (const name of collectedNames(dir, collection))
        if (name.endsWith('.gemspec')) pinGemfile(join(dir, name), collection)
      const at = argv.indexOf('exec')
      const inner = at === -1 ? [] : argv.slice(at + 1)
      if (plainWords(inner).length > 0) collection.run({ argv: inner, dir, bins })
    },
  },
  {
    programs: ['rake', 'rails'],
    files: RAKEFILES,
    trees: ['lib/tasks', 'rakelib'],
    more(_, dir, collection) {
      for (const name of RAKEFILES) followRuby(join(dir, name), dir, collection, new Set())
    },
  },
  {
    programs: ['rspec', 'rake', 'rails'],
    files: ['.rspec', '.rspec-local'],
    more(_, dir, collection) {
      const text = collection.workspace.text(join(dir, '.rspec')) ?? ''
      for (const [, name] of text.matchAll(/(?:^|\s)(?:-r|--require)[ =]?([\w./-]{1,200})/g)) {
        const rel = collection.workspace.inside(dir, name as string)
        // A helper in spec/ is the tests' own.
        if (rel === null || !(name as string).includes('/') || TESTS.test(rel)) continue
        collection.file(rel.endsWith('.rb') ? rel : `${rel}.rb`)
      }
    },
  },
  {
    programs: ['rubocop', 'standardrb', 'rake'],
    files: ['.rubocop.yml', '.rubocop_todo.yml', '.rubocop', '.standard.yml'],
  },
  { programs: ['cucumber'], files: ['cucumber.yml', 'config/cucumber.yml'] },
])

/** A Gemfile or gemspec without the lines that only name gems: the rest is code that Bundler runs first. */
function pinGemfile(rel: string, collection: Collection): void {
  const text = collection.workspace.text(rel)
  const kept = text
    ?.split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !/^\s*(#.*)?$/.test(line) && !isData(line))
  collection.part(rel, 'code', kept === undefined || kept.length === 0 ? null : kept.join('\n'))
}

/** `gem "x", "~> 1", require: false`, `spec.version = "1"`: names and literals, no word that could be called. */
function isData(line: string): boolean {
  if (line.length > MAX_LINE) return false
  const plain = line.replace(/"[^"\\#]*"|'[^'\\]*'/g, ' ').replace(/\s#[^{].*$/, '')
  const start =
    /^\s*(gem\b|(spec|s|gem)\.(add_(runtime_|development_)?dependency\b|(version|summary|description|homepage|license|authors?|email|required_ruby_version)\s*=))/
  const rest = plain.replace(start, '')
  if (rest === plain || rest.includes('::')) return false
  return /^[\s,[\]()]*$/.test(rest.replace(/:\w+|\b\w+:|=>|\b(true|false|nil)\b|\b\d[\d.]*\b/g, ' '))
}

/** What a Rakefile takes in by a name written out. */
function followRuby(rel: string, dir: string, collection: Collection, seen: Set<string>): void {
  if (seen.has(rel) || seen.size > MAX_GEMSPECS) return
  seen.add(rel)
  const text = collection.workspace.text(rel) ?? ''
  const calls = /^[ \t]{0,99}(import|load|require_relative|require)[ \t(]+["']([^"'\n]{1,200})["']/gm
  for (const [, how, name] of text.matchAll(calls)) {
    if (how === 'require' && !/^\.{0,2}\//.test(name as string)) continue
    const own = dirOf(rel)
    const at = collection.workspace.inside(how === 'require_relative' ? own : dir, name as string)
    // The work itself stays the agent's.
    if (at === null || TESTS.test(at) || /(^|\/)(lib|app|config|src)\//.test(at)) continue
    const file = how?.startsWith('require') === true && !at.endsWith('.rb') ? `${at}.rb` : at
    collection.file(file)
    followRuby(file, dir, collection, seen)
  }
}
