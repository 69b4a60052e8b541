import { shellWord } from '../../base/shell-word.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { type Line, quiet, warn } from './doc.ts'

/** A command for a person, under the name that the config has for it. */
export function notifyLine(
  name: string,
  notify: NonNullable<ProjectConfig['notify']>,
  version: ProjectConfig['version'],
): Line {
  const off = notify.sandbox === 'off'
  const place = notify.network ? ', network' : version === 2 && !off ? ', in the box' : ''
  const rights = `${off ? 'NOT sandboxed' : 'sandboxed'}${place}`
  return [
    quiet(`  ${name}  `),
    notify.argv.map(shellWord).join(' '),
    '  ',
    off ? warn(rights) : quiet(rights),
  ]
}
