// Playlists → a text, one numbered line for each track.
import type {Context, Exporter, ExportRequest, PlaylistNode, Track} from 'crate-dj/plugin'

export const exporter: Exporter = {
  async *export(request, context) {
    // One file, at the target itself. It is written as it is pulled, so that a large library needs little memory.
    yield {kind: 'file', path: '', chunks: lines(request, context)}
  },
}

async function* lines({library}: ExportRequest, context: Context): AsyncGenerator<string> {
  let done = 0
  for (const node of listsIn(library.playlists())) {
    yield `${node.name}\n`
    let number = 0
    for (const id of node.tracks) {
      context.signal.throwIfAborted()
      const track = await library.track(id)
      if (track !== null) yield `${String(++number).padStart(3)}  ${lineOf(track, context)}\n`
      context.progress.update(++done, null)
    }
    yield '\n'
  }
}

function lineOf({tags, file, tempoBpm, key}: Track, {core, config}: Context): string {
  const title = tags.title ?? file.path.split(/[/\\]/).at(-1) ?? file.path
  const name = tags.artist === null ? title : `${tags.artist} – ${title}`
  const notation = config.notation === 'musical' ? 'musical' : 'camelot'
  const facts = [tempoBpm?.toFixed(1), key === null ? null : core.formatKey(key, notation)].filter(
    (fact) => fact != null,
  )
  return [name.replaceAll(/\s+/g, ' '), ...facts].join('  ')
}

function listsIn(nodes: readonly PlaylistNode[]): Exclude<PlaylistNode, {kind: 'folder'}>[] {
  return nodes.flatMap((node) => (node.kind === 'folder' ? listsIn(node.children) : [node]))
}
