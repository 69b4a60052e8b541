import { shellWord } from '../../base/shell-word.ts'
import { reachesOutside } from '../../contract/network.ts'
import { layerBytes } from '../../contract/prepare.ts'
import type { PrepareStep, ProjectConfig } from '../../contract/types.ts'
import { usesCleanRoom, verifiedIn } from '../../contract/verify.ts'
import { type Doc, type Line, columns, quiet, strong, warn } from './doc.ts'

/** What a config says of the clean room, for machines. */
export function roomAnswer(config: ProjectConfig): object {
  return {
    prepare: (config.prepare ?? []).map((one) => ({
      argv: one.argv,
      cwd: one.cwd,
      timeout_seconds: one.timeoutSeconds,
      network: one.network,
      writable: one.writable,
      env: one.env,
      secrets: one.secrets ?? [],
    })),
    copy: config.copy ?? [],
    layer_bytes: layerBytes(config),
  }
}

/** The same for a person; nothing where the config does not speak of it. */
export function roomDoc(config: ProjectConfig): Doc {
  const { prepare = [], copy = [] } = config
  const rows: Line[] = [
    ...prepare.map((one) => stepLine(one)),
    ...(copy.length > 0 ? [[quiet('copy'), copy.join(', '), quiet('as they are when a run begins')]] : []),
  ]
  return [...placeLines(config, rows.length > 0), ...columns(rows, 2)]
}

/** Where gates have to pass, if the config says anything of it. */
function placeLines(config: ProjectConfig, hasRows: boolean): Doc {
  if (!usesCleanRoom(config))
    return hasRows ? [[quiet('  Every gate is verified in place: what follows is not used.')]] : []
  const inPlace = Object.values(config.commands)
    .filter((one) => verifiedIn(one, config.policy) === 'in-place')
    .map((one) => one.name)
  return inPlace.length === 0
    ? ['  Gates are verified in the clean room.']
    : [['  Gates are verified in the clean room; ', warn(`in place: ${inPlace.join(', ')}`)]]
}

function stepLine(one: PrepareStep): Line {
  const outside = reachesOutside(one.network)
  const rights = [
    `in the box, network: ${one.network}${outside ? ', with the servers of this machine' : ''}`,
    ...(Object.keys(one.env).length > 0 ? [`sets ${Object.keys(one.env).join(', ')}`] : []),
    ...(one.secrets && one.secrets.length > 0 ? [`gets ${one.secrets.join(', ')}`] : []),
    ...(one.writable.length > 0 ? [`may write ${one.writable.join(', ')}`] : []),
    ...(one.cwd === '.' ? [] : [`in ${one.cwd}`]),
  ].join(', ')
  return [strong('prepare'), one.argv.map(shellWord).join(' '), outside ? warn(rights) : quiet(rights)]
}
