import { ok } from '../base/result.ts'
import { TIMEOUT, found } from './found.ts'
import { RepoFiles } from './files.ts'
import type { DetectedCommand, Detector } from './detection.ts'

const timeoutSeconds = TIMEOUT.build

/** Maven, for Java and Kotlin: `verify` where the project binds checks to it, else `test`. */
export const maven: Detector = {
  name: 'maven',
  prefix: 'maven',
  detect({ root }) {
    const look = new RepoFiles(root)
    const pom = look.text('pom.xml')
    if (pom === null) return ok(null)
    const wrapper = wrapperOf(look, 'mvnw', 'mvn')
    if (wrapper.argv === null) return ok(nothing('maven', wrapper.reason))
    const late =
      /maven-(?:failsafe|checkstyle|pmd)-plugin|spotbugs-maven-plugin|jacoco-maven-plugin|detekt-maven-plugin/.exec(
        pom,
      )
    const goal = late === null ? 'test' : 'verify'
    return ok({
      ecosystem: 'maven',
      tool: { name: wrapper.argv, reason: wrapper.reason },
      commands: [
        found({
          name: goal,
          argv: [wrapper.argv, '--batch-mode', '--no-transfer-progress', goal],
          file: 'pom.xml',
          evidence: late?.[0] ?? '<project>',
          reason: late === null ? 'the phase that runs unit tests' : 'the phase that also runs this plugin',
          timeoutSeconds,
          does: ['mvn', 'mvnw'].flatMap((one) =>
            ['test', 'verify', 'install', 'package'].map((word) => [one, word]),
          ),
        }),
      ],
      notes: [],
    })
  },
}

/** Gradle, for Java and Kotlin: `check`, which is every verification of the build. */
export const gradle: Detector = {
  name: 'gradle',
  prefix: 'gradle',
  detect({ root }) {
    const look = new RepoFiles(root)
    const file = look.first('build.gradle.kts', 'build.gradle', 'settings.gradle.kts', 'settings.gradle')
    if (file === undefined) return ok(null)
    const wrapper = wrapperOf(look, 'gradlew', 'gradle')
    if (wrapper.argv === null) return ok(nothing('gradle', wrapper.reason))
    const check: DetectedCommand = found({
      name: 'check',
      // A daemon would outlive the gate, and is ended with it.
      argv: [wrapper.argv, '--no-daemon', 'check'],
      file,
      evidence: 'the file',
      tests: true,
      reason: "Gradle's task for every verification",
      timeoutSeconds,
      writable: ['~/.gradle/caches', '~/.gradle/daemon', '~/.gradle/notifications'],
      does: ['gradle', 'gradlew'].flatMap((one) => ['check', 'test', 'build'].map((word) => [one, word])),
    })
    return ok({
      ecosystem: 'gradle',
      tool: { name: wrapper.argv, reason: wrapper.reason },
      commands: [check],
      notes: [
        'Gradle talks to itself over loopback, which the sandbox grants only together with the network: measure it',
      ],
    })
  },
}

function wrapperOf(
  look: RepoFiles,
  wrapper: string,
  plain: string,
): { readonly argv: string | null; readonly reason: string } {
  if (!look.has(wrapper)) return { argv: plain, reason: `no ./${wrapper}` }
  return look.isExecutable(wrapper)
    ? { argv: `./${wrapper}`, reason: `./${wrapper}` }
    : { argv: null, reason: `${plain} is left out: ./${wrapper} is not executable (chmod +x ${wrapper})` }
}

function nothing(ecosystem: string, note: string) {
  return { ecosystem, tool: null, commands: [], notes: [note] }
}
