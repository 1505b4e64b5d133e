// What is told of plugins: what one brings, what it reaches, what is wrong with it.
import {type PluginReach, reachLines} from '../core/plugin/manifest.js'
import type {SettingsSchema} from '../core/plugin/settings.js'
import {theme} from './theme.js'

export function reachReport(reach: PluginReach | null): string[] {
  const isWide = reach === null || reach.native
  return reachLines(reach).map(
    (line) => `  ${isWide ? theme.warn('!') : theme.dim('·')} it ${line.replace(/^reach/, 'reach')}`,
  )
}

export function settingLines(id: string, settings: SettingsSchema): string[] {
  return Object.entries(settings).map(([name, {type, summary, default: fallback, required, choices}]) => {
    const kind = choices === undefined ? type : choices.join(' | ')
    const value = fallback === undefined ? (required === true ? 'required' : 'not set') : JSON.stringify(fallback)
    return `      ${theme.accent(`plugins.${id}.${name}`)}  ${summary} ${theme.dim(`(${kind}; ${value})`)}`
  })
}

/** Reach in a word or two, for tables. */
export function reachWords(reach: PluginReach | null): string {
  if (reach === null) return 'anything'
  const {files, network, programs, native} = reach
  const words = [
    files ? 'files' : '',
    network.length > 0 ? 'network' : '',
    programs.length > 0 ? 'programs' : '',
    native ? 'native code' : '',
  ].filter((word) => word !== '')
  return words.join(', ') || 'nothing'
}
