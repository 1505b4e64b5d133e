// The notation in which the person wants to read keys.
import {readConfig} from '../adapters/config/config-file.js'
import type {Environment} from '../core/environment.js'
import type {KeyNotation} from '../core/key.js'

export async function keyNotationOf({configFile}: Pick<Environment, 'configFile'>): Promise<KeyNotation> {
  return (await readConfig(configFile)).keyNotation
}
