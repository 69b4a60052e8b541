import { join } from './collection.ts'
import { fileRules } from './file-rules.ts'
import { pinBuild, pinGradle } from './gradle.ts'
import { pinPom } from './maven.ts'

/** Maven, Gradle and sbt: wrappers, start-up options and what the build files say apart from dependencies. */
export const jvm = fileRules('jvm', [
  {
    programs: ['mvn', 'mvnw', 'mvnd'],
    files: ['mvnw', 'mvnw.cmd'],
    trees: ['.mvn'],
    parents: true,
    more(_, dir, collection) {
      pinPom(join(dir, 'pom.xml'), collection)
    },
  },
  {
    programs: ['gradle', 'gradlew'],
    files: ['gradlew', 'gradlew.bat', 'gradle.properties', 'init.gradle', 'init.gradle.kts'],
    trees: ['gradle/wrapper'],
    parents: true,
    more(_, dir, collection) {
      pinGradle(dir, collection)
      pinBuild(join(dir, 'buildSrc'), collection)
    },
  },
  { programs: ['sbt'], files: ['project/build.properties', '.sbtopts', '.jvmopts', 'sbt'] },
])
