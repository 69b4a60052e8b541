import { expect, test } from '@jest/globals'
import { figure, long } from '../rig/long.ts'
import { play } from './play.ts'
import { nodeProjects } from './node-projects.ts'
import { nodeToolsProjects } from './node-tools-projects.ts'
import { databaseProjects } from './database-projects.ts'
import { systemProjects } from './system-projects.ts'

const projects = [...nodeProjects, ...nodeToolsProjects, ...systemProjects, ...databaseProjects]

test.each(projects.filter((project) => long || project.short === true))(
  '$name: its gates pass as it is, hold a bug with its reason, and release the repaired tree',
  async (project) => {
    const played = await play(project)
    // Packages lie in the workspace, and no lock file says so.
    const place = project.packages === undefined ? 'clean-room' : 'in-place'
    expect(played.measured).toMatchObject(
      project.gates.map((name) =>
        project.services?.[name] === undefined
          ? { name, outcome: 'passes', detail: null, place, network: 'loopback' }
          : { name, outcome: 'fails', detail: expect.stringMatching(/^exit code 1/), place: null },
      ),
    )
    expect(played.blocks).toEqual([expect.stringMatching(project.reason)])
    expect(played.state).toBe('released')
    expect(played.home).toEqual(project.home ?? {})
    figure('project', { name: project.name, gates: project.gates.length })
  },
  600_000,
)
