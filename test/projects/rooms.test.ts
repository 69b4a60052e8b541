import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { figure, long } from '../rig/long.ts'
import { type Ended, TOKEN, playRoom } from './room-play.ts'
import { roomGitProjects } from './room-git-projects.ts'
import { roomBoxProjects } from './room-box-projects.ts'
import { roomLanguageProjects } from './room-language-projects.ts'
import { roomNodeProjects } from './room-node-projects.ts'

const projects = [...roomGitProjects, ...roomNodeProjects, ...roomLanguageProjects, ...roomBoxProjects]

test.each(projects.filter((project) => long || project.short === true))(
  '$name: passes in the clean room as it is, a bug is held there with its reason, the repaired tree is released',
  async (project) => {
    await playRoom(project, async ({ untouched, repaired, later, lab }) => {
      expect(shown(untouched)).toEqual({ blocks: [], ...released })
      expect(shown(repaired)).toEqual({ blocks: [expect.stringMatching(project.reason)], ...released })
      if (later !== null) expect(shown(later)).toEqual({ blocks: [], ...released })
      if (project.layers !== undefined)
        expect([untouched, repaired, later].flatMap((one) => one?.layers ?? [])).toEqual(project.layers)
      // What a person would send to somebody else, and all that lies in the home.
      const { stdout } = await lab.cli(['report', '--cwd', lab.repo])
      expect(stdout).not.toContain(TOKEN)
      expect(filesWith(TOKEN, lab.home)).toEqual([])
      if (project.said !== undefined) expect(filesWith(project.said, lab.home)).not.toEqual([])
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

function filesWith(text: string, dir: string): string[] {
  const found = spawnSync('grep', ['-rlF', '--', text, dir], { encoding: 'utf8' })
  return found.stdout.split('\n').filter((line) => line !== '')
}
