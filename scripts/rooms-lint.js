// The rules of .oxlintrc.json that follow from scripts/rooms-table.js: the editor says at once what `npm run rooms` would.
import { ROOMS, allowedFor } from './rooms-table.js'

/** The config with the rules as they should be; what else it says stays. */
export function withRoomRules(config) {
  const others = (config.overrides ?? []).filter((one) => one.rules?.['no-restricted-imports'] === undefined)
  return { ...config, overrides: [...others, ...ROOMS.flatMap(ruleOf)] }
}

function ruleOf(room) {
  const { rooms: may, types, pure } = allowedFor(room)
  const never = ROOMS.filter((one) => one !== room && !may.includes(one))
  const patterns = []
  if (pure) patterns.push({ regex: '^node:', message: `${room} is pure` })
  if (never.length > 0)
    patterns.push({
      regex: inOneOf(never),
      message: may.length === 0 ? `${room} imports no other room` : `${room} imports only ${may.join(', ')}`,
    })
  if (types.length > 0)
    patterns.push({
      regex: inOneOf(types),
      allowTypeImports: true,
      message: `${room} takes only types of ${types.join(', ')}`,
    })
  if (patterns.length === 0) return []
  return [{ files: [`src/${room}/**`], rules: { 'no-restricted-imports': ['error', { patterns }] } }]
}

function inOneOf(rooms) {
  return `^(\\.\\./)+(${rooms.join('|')})/`
}
