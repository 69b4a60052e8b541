import { isObject } from '../../base/json.ts'
import { byNames, groupsOf, more } from './named-packages.ts'
import { without } from './npm-manifest.ts'
import type { LockFormat } from './parts.ts'
import { PYTHON_ENTRY, areSealed, pythonName } from './python-names.ts'
import { tableAt, tablesOf, tomlObject } from './toml-text.ts'

/** `poetry.lock`. */
export const poetryLock: LockFormat = {
  read: (text) => {
    const json = tomlObject(text)
    const metadata = without(tableAt(json, 'metadata'), ['content-hash'])
    return byNames(json, [without(json, ['package', 'metadata']), metadata], (entry) => {
      const files = tablesOf(entry, 'files')
      const source = entry['source']
      const url = isObject(source) && source['type'] === 'legacy' ? source['url'] : null
      return {
        ...PYTHON_ENTRY,
        name: pythonName(String(entry['name'])),
        version: String(entry['version']),
        registry: source === undefined ? '' : typeof url === 'string' ? url : null,
        sealed: areSealed(files.map(({ hash }) => hash)),
        needs: Object.keys(tableAt(entry, 'dependencies')).map(pythonName),
        fixed: without(entry, ['groups']),
        reach: groupsOf(entry),
        installScript: !files.some(({ file }) => String(file).endsWith('.whl')),
      }
    })
  },
  registries: [''],
  weaker: more,
  merge: null,
}
