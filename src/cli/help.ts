// oclif's help, but for a command that there is not: `crate synk --help` and `crate help synk` say what `crate synk` says.
import {Help} from '@oclif/core'

const NOT_FOUND = /^Command (\S+) not found\.$/

/** package.json#oclif.helpClass points here. */
export class CrateHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    try {
      await super.showHelp(argv)
    } catch (error) {
      const [, id] = NOT_FOUND.exec(error instanceof Error ? error.message : '') ?? []
      if (id === undefined) throw error
      await this.config.runHook('command_not_found', {id, argv: []})
    }
  }
}
