// Paths of tracks are relative to the folder “Engine Library”, with `/` on all systems.

export function absolutePath(libraryFolder: string, path: string): string {
  if (/^(?:[A-Za-z]:)?[/\\]/.test(path)) return path
  const separator = /^[A-Za-z]:\\|^\\\\/.test(libraryFolder) ? '\\' : '/'
  const names = libraryFolder.split(/[/\\]/)
  for (const name of path.split('/'))
    if (name === '..') {
      if (names.length > 1) names.pop()
    } else if (name !== '.' && name !== '') names.push(name)
  return names.join(separator)
}

/** @returns null for a file on another drive, which a relative path cannot name */
export function relativePath(libraryFolder: string, path: string): string | null {
  const [from, to] = [libraryFolder, path].map((each) =>
    each.split(/[/\\]/).filter((name, n) => name !== '' || n === 0),
  ) as [string[], string[]]
  if (from[0]?.toLowerCase() !== to[0]?.toLowerCase()) return null
  let common = 1
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/')
}
