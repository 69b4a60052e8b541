/** How long ago, in the largest unit that says something. `then` is ISO 8601; a clock that went back gives "just now". */
export function ago(then: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(then)) / 1000)
  if (!(seconds >= 60)) return 'just now'
  for (const [size, unit] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ] as const)
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`
  return 'just now'
}
