import type { CodeSection } from '../codes/types.ts'

/** The part of TROUBLESHOOTING.md that has an entry per code. Pure. */
export function codesMarkdown(sections: readonly CodeSection[]): string {
  return sections
    .map(({ title, codes }) =>
      [
        `## ${title}`,
        ...Object.entries(codes).map(
          ([code, { what, why, todo }]) =>
            `### ${code}\n\n${[what, ...(why === undefined ? [] : [why])].join(' ')} **Do:** ${todo}`,
        ),
      ].join('\n\n'),
    )
    .join('\n\n')
}
