import { ok } from '../base/result.ts'
import { RepoFiles } from './files.ts'
import { readMakefile } from './makefile.ts'
import { chooseStandard } from './script-choice.ts'
import type { Detector } from './detection.ts'

/** Targets of the makefile in the root. */
export const make: Detector = {
  name: 'make',
  prefix: 'make',
  scripts: ({ root }) => readMakefile(new RepoFiles(root)),
  detect({ root }) {
    const source = readMakefile(new RepoFiles(root))
    return ok(source === null ? null : chooseStandard('make', source))
  },
}
