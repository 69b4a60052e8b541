import { ok } from '../base/result.ts'
import { found, quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import type { DetectedCommand, Detector } from './detection.ts'

const RAKEFILES = ['rakefile', 'Rakefile', 'rakefile.rb', 'Rakefile.rb']

/** Ruby: RuboCop where it is configured; RSpec, Rails or Rake's test task. Through Bundler where there is a Gemfile. */
export const ruby: Detector = {
  name: 'ruby',
  prefix: 'ruby',
  detect({ root }) {
    const look = new RepoFiles(root)
    const rakefile = look.first(...RAKEFILES)
    const gemfile = look.first('Gemfile', 'gems.rb')
    if (gemfile === undefined && rakefile === undefined && !look.has('.rspec')) return ok(null)
    const bundled = gemfile === undefined ? [] : ['bundle', 'exec']
    // Remembered results would be ones that agent-written tests can write.
    const rubocop = [...bundled, 'rubocop', '--cache', 'false']
    const commands: DetectedCommand[] = []
    const cop = look.first('.rubocop.yml')
    const notes: string[] = []
    if (cop !== undefined && gemfile !== undefined && !names(look, 'rubocop'))
      notes.push(
        `rubocop is left out: ${cop} sets it up, but no Gemfile, lock file or gemspec names it (where it is installed: ${JSON.stringify(rubocop)})`,
      )
    else if (cop !== undefined)
      commands.push(
        found({
          name: 'lint',
          argv: rubocop,
          fast: true,
          file: cop,
          evidence: 'the file',
          reason: 'RuboCop is configured',
          writable: ['~/.cache/rubocop_cache'],
          does: [['rubocop']],
        }),
      )
    const specs = look.find(/_spec\.rb$/, 4)
    if (specs?.startsWith('spec/'))
      commands.push(
        found({
          name: 'test',
          argv: [...bundled, 'rspec'],
          file: look.first('.rspec') ?? specs,
          evidence: 'specs',
          reason: 'RSpec',
          does: [['rspec'], ['rake', 'spec']],
        }),
      )
    else if (look.has('bin/rails') && look.hasDirectory('test'))
      commands.push(
        found({
          name: 'test',
          argv: ['bin/rails', 'test'],
          file: 'bin/rails',
          evidence: 'bin/rails and test/',
          reason: "Rails' tests",
          does: [
            ['rails', 'test'],
            ['rake', 'test'],
          ],
        }),
      )
    // Bundler refuses programs of gems that it does not install.
    const lock = look.first('Gemfile.lock', 'gems.locked')
    const hasRake = lock === undefined || /^ +rake(?:[ !(]|$)/m.test(look.text(lock) ?? '')
    const task = rakefile === undefined ? undefined : testTask(look.text(rakefile) ?? '')
    if (rakefile !== undefined && task !== undefined && !commands.some((one) => one.name === 'test'))
      commands.push(
        found({
          name: 'test',
          argv: [...(hasRake ? bundled : []), 'rake', 'test'],
          file: rakefile,
          evidence: task,
          reason: "Rake's test task",
          does: [['rake', 'test']],
        }),
      )
    const tool = gemfile === undefined ? null : { name: 'bundle', reason: gemfile }
    return ok({ ecosystem: 'ruby', tool, commands, notes })
  },
}

function testTask(text: string): string | undefined {
  const match =
    /^\s*(?:Rake::TestTask\.new(?:\(?\s*:test\b.*|\s*(?:do|\{).*|\s*)|Minitest::TestTask\.create.*|task\s*\(?\s*:?["']?test\b.*)$/m.exec(
      text,
    )
  return match === null ? undefined : quoted(match[0])
}

/** Is a gem, or a plugin of it, among those that Bundler installs? */
function names(look: RepoFiles, gem: string): boolean {
  const gemspecs = look.names('.').filter((name) => name.endsWith('.gemspec'))
  const pattern = new RegExp(`^[^#\\n]*["'\\s(]${gem}(?:-[\\w-]+)?(?=["'\\s(]|$)`, 'm')
  return ['Gemfile', 'gems.rb', 'Gemfile.lock', 'gems.locked', ...gemspecs].some((file) =>
    pattern.test(look.text(file) ?? ''),
  )
}
