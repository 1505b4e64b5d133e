// Versions of what the built-in analysis yields: stored results of a lower one are computed again.

/** Raised whenever a change of the analysis would give other findings for the same sound. */
export const ANALYSIS_VERSION = 1

/** Length of the similarity vector. */
export const EMBEDDING_SIZE = 96

/** Raised whenever vectors of before cannot be compared with new ones. */
export const EMBEDDING_VERSION = 1
