import { expect, test } from '@jest/globals'
import { figure, long } from '../rig/long.ts'
import { type Ended, playRoom } from './room-play.ts'
import { roomGitProjects } from './room-git-projects.ts'
import { roomBoxProjects } from './room-box-projects.ts'
import { roomLanguageProjects } from './room-language-projects.ts'
import { roomNodeProjects } from './room-node-projects.ts'

const projects = [...roomGitProjects, ...roomNodeProjects, ...roomLanguageProjects, ...roomBoxProjects]

test.each(projects.filter((project) => long || project.short === true))(
  '$name: passes in the clean room as it is, a bug is held there with its reason, the repaired tree is released',
  async (project) => {
    await playRoom(project, ({ untouched, repaired, later }) => {
      expect(shown(untouched)).toEqual({ blocks: [], ...released })
      expect(shown(repaired)).toEqual({ blocks: [expect.stringMatching(project.reason)], ...released })
      if (later !== null) expect(shown(later)).toEqual({ blocks: [], ...released })
      if (project.layers !== undefined)
        expect([untouched, repaired, later].flatMap((one) => one?.layers ?? [])).toEqual(project.layers)
      figure('project in the room', { project: project.name })
    })
  },
  600_000,
)

/** Every gate passed in the room, none in the workspace. */
const released = { state: 'released', places: ['clean-room'] }

function shown({ blocks, run }: Ended): object {
  const places = new Set((run.boxes as { readonly place?: string }[]).map(({ place }) => place))
  return { blocks, state: run.state, places: [...places] }
}
