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

/** How long, in the largest units that say something: `40 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function spanWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
