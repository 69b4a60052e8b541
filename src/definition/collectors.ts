import { cargo } from './cargo.ts'
import type { Collector } from './collection.ts'
import { direct } from './direct.ts'
import { dotnet } from './dotnet.ts'
import { go } from './go.ts'
import { jvm } from './jvm.ts'
import { make } from './make.ts'
import { nodeScripts } from './node/scripts.ts'
import { nodeTools } from './node/tools.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { tasks } from './tasks.ts'

/** Every ecosystem. Each looks at every command and takes what it knows; a new one is a new row. */
export const collectors: readonly Collector[] = [
  direct,
  nodeScripts,
  nodeTools,
  make,
  tasks,
  python,
  cargo,
  go,
  jvm,
  dotnet,
  ruby,
  php,
]
