// The man page, from the manifest: every command with its flags, the environment, files and exit statuses.
import {type ManifestCommand, type ManifestFlag, usageOf} from './manifest.js'

/** Text of man/crate.1, in the man macros that both groff and mandoc read. */
export function manPage(version: string, summary: string, commands: readonly ManifestCommand[]): string {
  return [
    `.TH CRATE 1 "" "crate ${version}" "User Commands"`,
    '.SH NAME',
    `crate \\- ${roff(summary)}`,
    '.SH SYNOPSIS',
    '.B crate',
    '.I COMMAND',
    '[\\fIARGUMENT\\fR...]',
    '[\\fIFLAG\\fR...]',
    '.SH DESCRIPTION',
    roff(
      'crate reads music, finds tempo, beat grid, key, energy, loudness, sections and cue points, keeps them in a library, and exports them for Rekordbox, Serato, Traktor and others. What a person made by hand is never overwritten.',
    ),
    '.SH GLOBAL FLAGS',
    ...[
      ['--library DIR', 'The library folder.'],
      ['--json', 'One JSON document on standard output; everything else goes to standard error.'],
      ['--quiet', 'Print only results and errors.'],
      ['--no-progress', 'Draw no progress bars.'],
      ['--help', 'Explain a command.'],
    ].flatMap(([flag = '', text = '']) => item(flag, text)),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...[
      ['0', 'All done.'],
      ['1', 'The job failed.'],
      ['2', 'Wrong usage.'],
      ['3', 'Done, but some items failed; they are listed, the rest is kept.'],
      ['130', 'Stopped by Ctrl-C.'],
    ].flatMap(([status = '', text = '']) => item(status, text)),
    '.SH ENVIRONMENT',
    ...[
      ['CRATE_LIBRARY', 'Folder of the library.'],
      ['CRATE_CONFIG', 'The config file.'],
      ['CRATE_PLUGIN_LIMIT_MS', 'How long a plugin may stay silent before it is stopped, in milliseconds.'],
      ['NO_COLOR, FORCE_COLOR', 'Without colour, or with it also into pipes.'],
      ['DEBUG', 'Set to * for logs and stack traces.'],
    ].flatMap(([name = '', text = '']) => item(name, text)),
    '.SH FILES',
    ...item('~/.config/crate/config.yaml', 'Settings (Linux); crate doctor names the place on other systems.'),
    ...item('~/.local/share/crate/library', 'The library (Linux).'),
    '.SH EXAMPLES',
    ...[
      ['crate sync ~/Music --export rekordbox=rekordbox.xml', 'Analyse what is new and export it.'],
      ["crate library list 'bpm:120..128 key:8A~ genre:techno added:-30d..'", 'Search.'],
      ['crate playlist build --name "Dark Techno Set" --duration 60 --export rekordbox=set.xml', 'Build a set.'],
    ].flatMap(([line = '', text = '']) => [roff(text), '.PP', '.RS', '.nf', roff(line), '.fi', '.RE', '.PP']),
    '',
  ].join('\n')
}

function commandLines(command: ManifestCommand): string[] {
  const flags = Object.values(command.flags).filter(
    ({helpGroup, hidden, name}) => helpGroup !== 'GLOBAL' && hidden !== true && name !== 'json',
  )
  return [
    `.SS ${roff(usageOf(command))}`,
    roff([command.summary, command.description].filter(Boolean).join(' ')),
    ...flags.flatMap((flag) => item(flagText(flag), flag.summary ?? '')),
  ]
}

function flagText({name, char, type, helpValue, options}: ManifestFlag): string {
  const value = type === 'boolean' ? '' : ` ${options === undefined ? (helpValue ?? 'VALUE') : options.join('|')}`
  return `${char === undefined ? '' : `-${char}, `}--${name}${value}`
}

function item(term: string, text: string): string[] {
  return ['.TP', `.B ${roff(term)}`, roff(text)]
}

/** Plain text as roff reads it: its escapes, hyphens that can be copied, and no line that is taken for a request. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/^([.'])/, '\\&$1')
}
