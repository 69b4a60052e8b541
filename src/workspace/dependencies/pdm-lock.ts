import { byNames, groupsOf, more } from './named-packages.ts'
import { without } from './npm-manifest.ts'
import type { LockFormat } from './parts.ts'
import { PYTHON_ENTRY, areSealed, pythonName, requirement } from './python-names.ts'
import { tableAt, tablesOf, tomlObject } from './toml-text.ts'

/** `pdm.lock`. */
export const pdmLock: LockFormat = {
  read: (text) => {
    const json = tomlObject(text)
    const metadata = without(tableAt(json, 'metadata'), ['content_hash'])
    return byNames(json, [without(json, ['package', 'metadata']), metadata], (entry) => {
      const files = tablesOf(entry, 'files')
      const needs = Array.isArray(entry['dependencies']) ? entry['dependencies'].map(String) : []
      const elsewhere = ['git', 'url', 'path', 'editable', 'ref', 'revision', 'hg', 'svn'].some(
        (key) => key in entry,
      )
      return {
        ...PYTHON_ENTRY,
        name: pythonName(String(entry['name'])),
        version: String(entry['version']),
        registry: elsewhere ? null : '',
        sealed: areSealed(files.map(({ hash }) => hash)) && files.every(({ url }) => url === undefined),
        needs: needs.map((one) => requirement(one).name),
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
