// What a use case is given by whoever runs it: where things are, a clock, ids, a way to stop and to report.

export interface ProgressPart {
  readonly label: string
  /** 0 to 1; null while it is not known. */
  readonly share: number | null
  /** "searching", "4.2 MB": what the share does not say. */
  readonly note: string
}

export interface ProgressTask {
  /** @param note what is being worked on, shown beside the bar */
  update(done: number, note?: string): void
  /** What is under way now, each with a bar of its own below the whole. */
  setParts?(parts: readonly ProgressPart[]): void
  /** The total became known or grew. */
  setTotal(total: number): void
  finish(): void
}

export interface Reporter {
  /** Shown only while debugging. */
  debug(message: string): void
  /** A line that the person wants to see while it runs. */
  info(message: string): void
  warn(message: string): void
  /** @param total null while it is not known */
  task(label: string, total: number | null): ProgressTask
}

/** A package that the person installed and that says in its package.json that it carries contributions to crate. */
export interface InstalledPlugin {
  readonly name: string
  readonly version: string
  /** Folder of its package.json. */
  readonly root: string
  /** `package.json#crate`, not checked yet. */
  readonly manifest: unknown
}

export interface Environment {
  /** Folder of the library: library.db, vectors/, rehearsals/, backups/. */
  readonly libraryFolder: string
  readonly configFile: string
  /** Folder where installed plugins and other data of crate live. */
  readonly dataFolder: string
  readonly installedPlugins: readonly InstalledPlugin[]
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Aborted when the command is over: what plugins still have open is ended. */
  readonly over: AbortSignal
  readonly reporter: Reporter
  /** Milliseconds since 1970. */
  nowMs(): number
}
