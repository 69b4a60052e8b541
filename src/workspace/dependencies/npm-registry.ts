/**
 * The registry that a tarball comes from, if its address is that of the package's own name and version; null for any other.
 * '' where the lock file leaves addresses out (`omit-lockfile-registry-resolved`): then the settings say where, as at the start.
 */
export function registryOf(name: string, version: string, resolved: unknown): string | null {
  if (resolved === undefined) return ''
  if (typeof resolved !== 'string' || !URL.canParse(resolved)) return null
  const url = new URL(resolved)
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null
  let place: string
  try {
    place = decodeURIComponent(url.pathname)
  } catch {
    return null
  }
  // What is written in another way than it is read leads elsewhere than it says.
  if (url.href !== resolved) return null
  if (/(?:^|\/)\.{1,2}(?:\/|$)|[\\?#]/.test(place) || url.search !== '') return null
  const base = name.replace(/^@[^/]+\//, '')
  const endings = [
    ...[`${base}-${version}`, `${name}-${version}`, version].map((file) => `/${name}/-/${file}.tgz`),
    ...(/\/[0-9a-f]{40,}$/.test(place)
      ? [`/download/${name}/${version}${place.slice(place.lastIndexOf('/'))}`]
      : []),
  ]
  const ending = endings.find((one) => place.endsWith(one))
  return ending === undefined ? null : `${url.origin}${place.slice(0, -ending.length)}`
}

/** SHA-1 is what an old registry gives; two contents of one SHA-1 can be made. */
export function isSealed(integrity: unknown): boolean {
  return typeof integrity === 'string' && /^sha(?:256|384|512)-[A-Za-z0-9+/]{43,}={0,2}$/.test(integrity)
}
