import { isObject, parseJson } from '../../base/json.ts'
import type { RepoFiles } from '../files.ts'
import { type PrepareProposal, fetching, nothingToPrepare } from './proposal.ts'

/** Bundler, into the tree: what the machine's own gems are is nobody's word. */
export function rubyPrepare(look: RepoFiles): PrepareProposal {
  const file = look.first('Gemfile', 'gems.rb')
  if (file === undefined) return nothingToPrepare
  const lock = look.first('Gemfile.lock', 'gems.locked')
  const reason = `${lock ?? file} says what is installed`
  const env: Readonly<Record<string, string>> = lock === undefined ? {} : { BUNDLE_FROZEN: 'true' }
  // Said again where git ignores the file; else nothing changes.
  const said = /^BUNDLE_PATH: *["']?([^"'\n]+)/m.exec(look.text('.bundle/config') ?? '')?.[1]
  const place = said === undefined || said.startsWith('/') ? 'vendor/bundle' : said
  return {
    ...nothingToPrepare,
    steps: [
      fetching({
        argv: ['bundle', 'config', 'set', '--local', 'path', place],
        network: 'none',
        file,
        reason: 'the gems belong to the tree',
      }),
      fetching({ argv: ['bundle', 'install'], env, file: lock ?? file, reason }),
    ],
  }
}

/** Composer. Its scripts are the project's own; packages of `php` and `ext-…` are the machine's. */
export function phpPrepare(look: RepoFiles): PrepareProposal {
  const json = parseJson(look.text('composer.json') ?? '', 'composer.json')
  if (!json.ok || !isObject(json.value)) return nothingToPrepare
  const { require, 'require-dev': dev, scripts } = json.value
  const wants = [require, dev].some(
    (one) => isObject(one) && Object.keys(one).some((name) => name.includes('/')),
  )
  if (!wants) return nothingToPrepare
  const file = look.first('composer.lock') ?? 'composer.json'
  const install = ['composer', 'install', '--no-interaction', '--no-progress']
  const step = (argv: readonly string[]) => fetching({ argv, file, reason: `${file} says what is installed` })
  return {
    steps: [step([...install, '--no-scripts'])],
    withScripts: isObject(scripts) ? [step(install)] : null,
    notes: [],
  }
}
