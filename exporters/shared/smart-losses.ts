// Whether smart playlists lose their rules depends on the playlists: some rules a program can say.
import type {LibraryView, Loss} from '../../src/api/format.js'
import {type PlaylistNode, walkPlaylists} from '../../src/core/playlist.js'

/** The losses without `smart-rules` where every smart playlist of the library keeps its rules. */
export function withoutKeptRules(
  loses: readonly Loss[],
  library: LibraryView,
  keepsRules: (node: PlaylistNode) => boolean,
): readonly Loss[] {
  for (const {node} of walkPlaylists(library.playlists())) if (node.kind === 'smart' && !keepsRules(node)) return loses
  return loses.filter((loss) => loss !== 'smart-rules')
}
