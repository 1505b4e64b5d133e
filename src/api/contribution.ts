// The shape that every contribution shares: a light face that is cheap to list, and a body that loads on use.

import type {SettingsSchema} from '../core/plugin/settings.js'

/** @typeParam Body what `load()` brings */
export interface Contribution<Body> {
  /** Lower case letters, digits and `-`; unique among contributions of one kind. What the person types. */
  readonly id: string
  /** One line for lists and help. */
  readonly summary: string
  /** Settings that it takes from `plugins.<id>` of the config file; crate checks them and fills in defaults. */
  readonly settings?: SettingsSchema
  /** Imports the body; called at most once in a process, and only when it is used. */
  load(): Promise<Body>
}
