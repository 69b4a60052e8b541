import type { BuildOptions, Metafile } from 'esbuild'

export const common: BuildOptions
export function cliBundle(entryPoints: Readonly<Record<string, string>>, outdir: string): Promise<Metafile>
