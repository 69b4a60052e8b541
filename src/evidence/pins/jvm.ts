import { type Collection, join } from './collection.ts'
import { fileRules } from './file-rules.ts'

/** Maven, Gradle and sbt: wrappers, start-up options and what the build files say apart from dependencies. */
export const jvm = fileRules('jvm', [
  {
    programs: ['mvn', 'mvnw', 'mvnd'],
    files: ['mvnw', 'mvnw.cmd'],
    trees: ['.mvn'],
    more(_, dir, collection) {
      const rel = join(dir, 'pom.xml')
      const text = collection.workspace.text(rel)
      collection.text(`${rel}#build`, rel, text === null ? null : pomDefinition(text))
    },
  },
  {
    programs: ['gradle', 'gradlew'],
    files: ['gradlew', 'gradlew.bat', 'gradle.properties', 'init.gradle', 'init.gradle.kts'],
    trees: ['gradle/wrapper', 'buildSrc'],
    more(_, dir, collection) {
      for (const name of ['settings.gradle', 'settings.gradle.kts', 'build.gradle', 'build.gradle.kts'])
        pinGradle(join(dir, name), collection)
    },
  },
  { programs: ['sbt'], files: ['project/build.properties', '.sbtopts', '.jvmopts', 'sbt'] },
])

/** `<build>`, `<profiles>`, `<modules>` and every property that skips something. */
function pomDefinition(text: string): string | null {
  const plain = without(text, '<!--', '-->')
  const parts: string[] = []
  for (const name of ['build', 'profiles', 'modules'])
    for (let at = plain.indexOf(`<${name}>`); at !== -1;) {
      const end = plain.indexOf(`</${name}>`, at)
      parts.push(plain.slice(at, end === -1 ? undefined : end))
      at = end === -1 ? -1 : plain.indexOf(`<${name}>`, end)
    }
  const skips = /<([\w.-]{0,60}(?:skip|ignore|surefire|failsafe|groups|exclude)[\w.-]{0,60})>[^<]{0,1000}/gi
  for (const [found] of plain.matchAll(skips)) parts.push(found)
  return parts.length === 0 ? null : parts.join('\n')
}

function without(text: string, open: string, close: string): string {
  const kept: string[] = []
  let from = 0
  for (let at = text.indexOf(open); at !== -1; at = text.indexOf(open, from)) {
    kept.push(text.slice(from, at))
    const end = text.indexOf(close, at)
    from = end === -1 ? text.length : end + close.length
  }
  return kept.join('') + text.slice(from)
}

/** A Gradle script without its dependency lines. */
function pinGradle(rel: string, collection: Collection): void {
  const text = collection.workspace.text(rel)
  const dependency =
    /^\s*(\w*[iI]mplementation|\w*[aA]pi|\w*[cC]ompileOnly|\w*[rR]untimeOnly|\w*[aA]nnotationProcessor|kapt|ksp)\b[\s(].*$/
  const kept = text
    ?.split(/\r?\n/)
    .filter((line) => !dependency.test(line) && !/^\s*(\/\/.*)?$/.test(line))
    .map((line) => line.trimEnd())
    .join('\n')
  collection.text(`${rel}#build`, rel, kept ?? null)
}
