// Names of files in an archive: the same on every run, unique, and safe to bring back on any system.

/**
 * The name of a file in the archive: its way below the root that holds it, the root's own name first. Null where it is
 * below none of the roots.
 *
 * @param path absolute, `/` between names
 */
export function archiveName(path: string, roots: readonly string[]): string | null {
  const holding = roots
    .map((root) => root.replace(/\/+$/, ''))
    .filter((root) => path === root || path.startsWith(`${root}/`))
    .sort((a, b) => b.length - a.length)[0]
  if (holding === undefined) return null
  const above = holding.slice(0, holding.lastIndexOf('/') + 1)
  return path.slice(above.length).normalize('NFC')
}

/** Whether an object of an archive may be written below a folder: no name may lead out of it. */
export function isSafeArchiveName(name: string): boolean {
  if (name === '' || name.startsWith('/') || name.includes('\\') || name.includes('\0') || /^[A-Za-z]:/.test(name))
    return false
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
