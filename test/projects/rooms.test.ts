import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import type { Answer } from '../rig/installed.ts'
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
    await playRoom(project, async ({ untouched, repaired, later, configured, lab }) => {
      figure('measured project', { project: project.name, ...configured })
      const { edit, rungs = usual, prepare = [], notes = [] } = project
      const { config, ...measured } = configured
      expect(measured).toEqual({
        proposed: edit?.before ?? rungs,
        notes: notes.map((note) => expect.stringMatching(note)),
        rungs,
      })
      expect(stepsOf(config)).toEqual(prepare)
      expect(config).toMatchObject({ version: 2, policy: { verify: 'clean-room' } })
      const boxes = Object.entries(rungs).map(([name, rung]) => [name, rung, 'sealed'])
      const released = { state: 'released', boxes }
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

const usual = { test: 'clean-room, loopback' }

const stepsOf = ({ prepare = [] }: Answer): string[] =>
  prepare.map(({ argv, network = 'none' }: Answer) => `${argv.join(' ')}, ${network}`)

/** Each gate as it ran at the last stop: as it was measured, and sealed. */
function shown({ blocks, run }: Ended): object {
  const boxes = run.boxes.map(({ gate, place = 'in-place', network, seal }: Answer) => [
    gate,
    `${place}, ${network}`,
    seal.kind,
  ])
  return { blocks, state: run.state, boxes }
}

function filesWith(text: string, dir: string): string[] {
  const found = spawnSync('grep', ['-rlF', '--', text, dir], { encoding: 'utf8' })
  return found.stdout.split('\n').filter((line) => line !== '')
}
