import { fileRules } from './file-rules.ts'
import { wordsOf } from './collection.ts'

const RAKEFILES = ['rakefile', 'Rakefile', 'rakefile.rb', 'Rakefile.rb']

/** Ruby: Rakefiles in rake's order, runner and linter options, Bundler's own settings. */
export const ruby = fileRules('ruby', [
  {
    programs: ['bundle', 'bundler'],
    files: ['.bundle/config'],
    more({ argv, bins }, dir, collection) {
      const at = argv.indexOf('exec')
      const inner = at === -1 ? [] : argv.slice(at + 1)
      if (wordsOf(inner).length > 0) collection.run({ argv: inner, dir, bins })
    },
  },
  { programs: ['rake', 'rails'], files: RAKEFILES, trees: ['lib/tasks', 'rakelib'] },
  { programs: ['rspec', 'rake', 'rails'], files: ['.rspec', '.rspec-local'] },
  {
    programs: ['rubocop', 'standardrb', 'rake'],
    files: ['.rubocop.yml', '.rubocop_todo.yml', '.rubocop', '.standard.yml'],
  },
  { programs: ['cucumber'], files: ['cucumber.yml', 'config/cucumber.yml'] },
])
