import { type Node, type ParseError, findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser'
import { type Parsed, type Place, type SyntaxProblem, lineAt } from './located.ts'

const words: Readonly<Record<string, string>> = {
  InvalidCommentToken: 'JSON has no comments; a .yaml contract may have them',
  CommaExpected: 'a comma is missing',
  ColonExpected: 'a colon is missing',
  PropertyNameExpected: 'a name in double quotes is expected',
  ValueExpected: 'a value is missing',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'something follows the end of the object',
  UnexpectedEndOfString: 'a string is not closed',
  InvalidSymbol: 'this is not a JSON value',
}

/** Strict JSON with the line of every value; a key that stands twice is an error, since one of them would be lost. */
export function parseJsonText(text: string): Parsed {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  const problems: SyntaxProblem[] = errors.map((error) => {
    const name = printParseErrorCode(error.error)
    return { line: lineAt(text, error.offset), message: words[name] ?? name }
  })
  if (root) problems.push(...doubled(root, text))
  if (!root && problems.length === 0) problems.push({ line: 1, message: 'the file is empty' })
  if (!root || problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    located: {
      value: JSON.parse(text) as unknown,
      lineOf: (place) => lineAt(text, nearest(root, place).offset),
    },
  }
}

function nearest(root: Node, place: Place): Node {
  for (let length = place.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, place.slice(0, length))
    if (node) return node.parent?.type === 'property' ? node.parent : node
  }
  return root
}

function doubled(node: Node, text: string): SyntaxProblem[] {
  const seen = new Set<unknown>()
  return (node.children ?? []).flatMap((child) => {
    const inner = doubled(child, text)
    if (node.type !== 'object') return inner
    const key: unknown = child.children?.[0]?.value
    if (!seen.has(key)) {
      seen.add(key)
      return inner
    }
    return [
      { line: lineAt(text, child.offset), message: `${JSON.stringify(key)} stands twice in one object` },
      ...inner,
    ]
  })
}
