// oclif's plugin commands, run quietly over a data folder that need not be the person's.
import type {Config} from '@oclif/core'

export function oclifPluginCommands(config: Config) {
  return async (
    dataFolder: string,
    command: 'install' | 'link' | 'update' | 'uninstall',
    args: readonly string[],
  ): Promise<void> => {
    const [{commands}, {ux}] = await Promise.all([import('@oclif/plugin-plugins'), import('@oclif/core')])
    const elsewhere = Object.create(config, {dataDir: {value: dataFolder}}) as Config
    const {[`plugins:${command}` as const]: own} = commands
    // Its texts are for its own command; crate tells what happened when it is sure.
    const {write} = process.stderr
    const {write: writeOut} = process.stdout
    const {start} = ux.action
    ux.action.start = () => {}
    process.stderr.write = (() => true) as typeof write
    process.stdout.write = (() => true) as typeof writeOut
    try {
      // Not the static run(): it would load a config of its own, with the person's data folder.
      const instance = new own(command === 'install' ? [...args, '--silent'] : [...args], elsewhere)
      instance.id = `plugins:${command}`
      await (instance as unknown as {_run(): Promise<void>})._run()
    } finally {
      process.stderr.write = write
      process.stdout.write = writeOut
      ux.action.start = start
    }
  }
}
