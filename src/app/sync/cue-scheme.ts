// A changed scheme of cues reaches what was analysed before it, from the stored sections, without decoding anything.
import {cuesFromSections} from '../../analysis/cues.js'
import {type CueScheme, DEFAULT_CUE_SCHEME} from '../../core/cue-scheme.js'
import type {Library} from '../../store/library.js'

const APPLIED = 'cue-scheme'

/** Makes the cues of the analysis anew where the scheme is another than at the last time; cues of persons stay. */
export function applyCueScheme(library: Library, scheme: CueScheme): void {
  const wanted = JSON.stringify(scheme)
  if ((library.settings.get(APPLIED) ?? JSON.stringify(DEFAULT_CUE_SCHEME)) === wanted) return
  library.transaction(() => {
    library.analyses.updateCues((analysis) => cuesFromSections(analysis.sections, analysis, scheme))
    library.settings.set(APPLIED, wanted)
  })
}
