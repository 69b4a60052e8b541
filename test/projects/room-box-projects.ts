import path from 'node:path'
import { projectRoot } from '../rig/root.ts'
import { databaseProjects } from './database-projects.ts'
import { fetched, isOurs } from './node-packages.ts'
import { nodeProjects } from './node-projects.ts'
import { nodeToolsProjects } from './node-tools-projects.ts'
import { installedPackages, npmRegistry } from './npm-registry.ts'
import type { Project } from './project.ts'
import type { RoomProject } from './room-project.ts'
import { systemProjects } from './system-projects.ts'

/** The projects of the box: their packages come from a registry on loopback that has what lies installed here. */
export const roomBoxProjects: readonly RoomProject[] = [
  ...nodeProjects,
  ...nodeToolsProjects,
  ...systemProjects,
  ...databaseProjects,
].map(inRoom)

function inRoom({ packages, builds = [], prepare = [], services = {}, ...project }: Project): RoomProject {
  const installs = Object.entries(packages ?? {}).map(([name, version]) => `${name}@${version}`)
  const npmrc = 'registry=http://127.0.0.1:@PORT@/\nupdate-notifier=false\n'
  const { short: _, ...same } = project
  return {
    ...same,
    files: packages === undefined ? project.files : { ...project.files, '.npmrc': npmrc },
    ...(packages === undefined
      ? {}
      : {
          prepare: [
            'npm ci --ignore-scripts, full',
            ...(builds.length === 0 ? [] : [`npm rebuild ${builds.join(' ')}, full`]),
          ],
          serve: () => {
            const from = isOurs(packages) ? projectRoot : fetched(packages)
            return npmRegistry(installedPackages(path.join(from, 'node_modules')))
          },
        }),
    person: [
      ...(installs.length === 0 ? [] : [`npm install --no-audit --no-fund -D ${installs.join(' ')}`]),
      ...prepare.map((argv) => argv.join(' ')),
      'true',
    ].join('\n'),
    ...(project.files['pnpm-lock.yaml'] === undefined
      ? {}
      : { prepare: ['pnpm install --frozen-lockfile --ignore-scripts, full'] }),
    rungs: Object.fromEntries(project.gates.map((name) => [name, 'clean-room, loopback'])),
    ...(Object.keys(services).length === 0
      ? {}
      : {
          notes: [/^no gate passes in the clean room/, /^test fails here now/],
          edit: {
            why: 'how a server is started is the person’s to say',
            before: Object.fromEntries(project.gates.map((name) => [name, 'fails'])),
            change: (config) => {
              for (const [name, all] of Object.entries(services)) config.commands[name].services = all
              return config
            },
          },
        }),
  }
}
