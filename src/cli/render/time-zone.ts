/** The zone that local times are in, with what it was off UTC at that moment: `Europe/Berlin, UTC+01:00`. `ms` since the epoch. */
export function timeZone(ms: number): string {
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone
  const offset = -new Date(ms).getTimezoneOffset()
  if (offset === 0 && /^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/.test(name)) return 'UTC'
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return `${name}, UTC${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
}
