import { ok } from '../base/result.ts'
import { TIMEOUT, found } from './found.ts'
import { RepoFiles } from './files.ts'
import type { Detector } from './detection.ts'

const BUILD = 'build'

/** CMake projects that enable testing: configure, build and ctest, one after the other in `build`. */
export const cmake: Detector = {
  name: 'cmake',
  prefix: 'cmake',
  detect({ root }) {
    const look = new RepoFiles(root)
    const text = look.text('CMakeLists.txt')
    if (text === null) return ok(null)
    const plain = text.replaceAll(/#.*$/gm, '')
    const testing = /^\s*(?:enable_testing\s*\(|include\s*\(\s*CTest\s*\))/im.exec(plain)?.[0]?.trim()
    const about = { file: 'CMakeLists.txt', timeoutSeconds: TIMEOUT.build }
    const keeps = [`${BUILD}/**`]
    const evidence = /^\s*project\s*\([^)\n]*/im.exec(plain)?.[0]?.trim() ?? 'the file'
    const notes = testing === undefined ? ['ctest is left out: CMakeLists.txt does not enable testing'] : []
    const commands = [
      found({
        ...about,
        name: 'configure',
        keeps,
        argv: ['cmake', '-S', '.', '-B', BUILD],
        evidence,
        reason: 'ctest runs what was configured',
        does: [
          ['cmake', '-B'],
          ['cmake', '-S'],
        ],
      }),
      found({
        ...about,
        name: 'build',
        keeps,
        argv: ['cmake', '--build', BUILD, '--parallel', '2'],
        evidence,
        reason: 'ctest runs what was built',
        does: [['cmake', '--build']],
      }),
      ...(testing === undefined
        ? []
        : [
            found({
              ...about,
              name: 'test',
              // Without this it passes when there is nothing to run.
              argv: ['ctest', '--test-dir', BUILD, '--output-on-failure', '--no-tests=error'],
              evidence: testing.replace(/\($/, ''),
              reason: 'testing is enabled',
              does: [['ctest'], ['cmake', '--build', 'test']],
            }),
          ]),
    ]
    return ok({ ecosystem: 'cmake', tool: null, commands, notes })
  },
}
