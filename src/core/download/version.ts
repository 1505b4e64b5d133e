// Which version of a song a title announces: extended, live, sped up, someone's remix, an hour of it.
import {VERSIONS_ABROAD} from './version-abroad.js'

export type VersionKind =
  | 'original'
  | 'extended'
  | 'radio'
  | 'remix'
  | 'vip'
  | 'dub'
  | 'live'
  | 'acoustic'
  | 'cover'
  | 'karaoke'
  | 'instrumental'
  | 'acapella'
  | 'sped-up'
  | 'slowed'
  | 'nightcore'
  | 'loop'
  | 'clean'
  | 'explicit'
  | 'preview'
  | 'set'
  | 'mashup'
  | 'effect'
  | 'remaster'
  | 'demo'
  | 'rerecorded'
  | 'talk'
  | 'parts'

interface Rule {
  readonly kind: VersionKind
  /** In a bracket or after a bar, where short words are enough. */
  readonly note: RegExp
  /** In the bare title, where "Live Forever" is a song: only what can hardly be one. */
  readonly title?: RegExp
}

const COUNT = String.raw`(?:\d+(?:[.,]\d+)?|one|two|three|ten|twelve)`

const RULES: readonly Rule[] = [
  {
    kind: 'extended',
    note: /\b(?:extended|long (?:version|mix)|full[- ]length|12["”]|12 ?inch|xtended|ext\.? (?:mix|version)|club (?:mix|version|edit)|maxi)\b|12["”]/iu,
    title: /\bextended (?:mix|version|edit)\b/iu,
  },
  {
    kind: 'radio',
    note: /\b(?:radio|single (?:version|edit|mix)|short (?:version|edit|mix)|7["”]|7 ?inch|video (?:edit|version)|airplay|tiktok (?:edit|version))\b|7["”]/iu,
    title: /\bradio (?:edit|mix|version)\b/iu,
  },
  {
    kind: 'remix',
    note: /\b(?:re-?mix(?:ed|es)?|rmx|bootleg|re-?work(?:ed)?|re-?fix|flip|re-?edit|remode|reinterpretation|refreak|re-?rub|mix cut|amapiano version|afro ?house (?:version|mix)|techno version|house version|drum (?:and|&|n) bass version|dnb version|hardstyle(?: version)?|phonk(?: version)?)\b|^(?!.*\b(?:radio|extended|original|single|short|video|club|full|album|clean|dirty|explicit|long|vocal|tiktok|intro|quick hit|main|lp)\b).*\S\s+(?:edit|mix|version)$/iu,
    title: /\b(?:remix|rmx|bootleg)\b/iu,
  },
  {kind: 'vip', note: /\bvip\b/iu, title: /\bvip(?: mix)?$/iu},
  {kind: 'dub', note: /\bdub(?:\s*mix| version| edit)?$/iu},
  {
    kind: 'original',
    note: /\b(?:original (?:mix|version)|original|album version|main mix|lp version|vocal mix)\b/iu,
    title: /\boriginal mix\b/iu,
  },
  {
    kind: 'live',
    note: /\b(?:live|en vivo|ao vivo|en directo|unplugged|in concert|concert|boiler room|kexp|tiny desk|glastonbury|coachella|tomorrowland|ultra (?:miami|\d{4})|later\.{3} with|bbc session|peel session|session|rehearsal|performance|a colors show|en vif)\b/iu,
    title:
      /\b(?:live (?:at|from|in|on|@|set|session|performance|version|acoustic|concert|debut|\d{4})|en vivo|ao vivo|boiler room|tiny desk|a colors show|mtv unplugged|live$)/iu,
  },
  {
    kind: 'acoustic',
    note: /\b(?:acoustic|stripped|piano (?:version|mix)|orchestral|symphonic|string quartet)\b/iu,
    title: /\b(?:acoustic (?:version|session)|piano version|orchestral version)\b/iu,
  },
  {
    kind: 'cover',
    note: /\b(?:cover(?:ed)?|tribute|version by|in the style of|as made famous|originally (?:by|performed)|(?:guitar|drum|bass|piano|violin|sax(?:ophone)?) (?:cover|playthrough)|fan ?made|ai cover)\b/iu,
    title:
      /\b(?:cover (?:by|version)|(?:guitar|drum|bass|piano|violin|sax(?:ophone)?|metal|acoustic|female|male) cover|tribute to|in the style of|as made famous by|originally performed by|cover$|drum playthrough)/iu,
  },
  {
    kind: 'karaoke',
    note: /\b(?:karaoke|sing[- ]?along|backing track|minus one|playback)\b/iu,
    title: /\b(?:karaoke|backing track)\b/iu,
  },
  {
    kind: 'instrumental',
    note: /\b(?:instrumental|no vocals|without vocals|beat only|type beat)\b/iu,
    title: /\b(?:instrumental(?: version| mix)?$|type beat)\b/iu,
  },
  {
    kind: 'acapella',
    note: /\b(?:a ?capp?ell?a|vocals? only|isolated vocals|dj tool|stems?)\b/iu,
    title: /\b(?:a ?capp?ella|isolated vocals)\b/iu,
  },
  {
    kind: 'sped-up',
    note: /\b(?:spee?d(?:ed)?[- ]?up|fast(?:er)? version|higher pitch|pitched up|tiktok speed|x?1[.,][1-5]x?|chipmunks?|sped)\b/iu,
    title: /\b(?:spee?d(?:ed)?[- ]?up|1[.,][1-5]x speed)\b/iu,
  },
  {
    kind: 'slowed',
    note: /\b(?:slow(?:ed|er)?(?: ?down)?|chopped|screwed|daycore|x?0[.,]\d+x?|432 ?hz|pitched down|lower pitch|super slowed)\b/iu,
    title: /\b(?:slowed(?: down)?|slowed \+|chopped (?:and|&|n) screwed|daycore)\b/iu,
  },
  {kind: 'nightcore', note: /\bnight ?core\b/iu, title: /\bnight ?core\b/iu},
  {
    kind: 'loop',
    note: new RegExp(
      String.raw`\b(?:${COUNT}[- ]?(?:hours?|hrs?|horas?|heures?|stunden?|h)\b|${COUNT}[- ]?min(?:ute)?s? (?:loop|version)|(?:seamless |perfect |endless )?loop(?:ed|s)?\b|on repeat|extended (?:loop|hour))`,
      'iu',
    ),
    title: new RegExp(
      String.raw`\b(?:${COUNT}[- ]?(?:hours?|hrs?|horas?|heures?|stunden)(?: version| loop| of)?\b|loop(?:ed)? (?:for|version|\d+)|on repeat for|seamless loop)`,
      'iu',
    ),
  },
  {
    kind: 'clean',
    note: /\b(?:clean|censored|radio clean|no swear(?:ing)?|family friendly|edited)\b/iu,
    title: /\bclean (?:version|edit)\b/iu,
  },
  {kind: 'explicit', note: /\b(?:explicit|dirty|uncensored)\b/iu},
  {
    kind: 'preview',
    note: /\b(?:pre-?view|snippet|teaser|sample|trailer|clip\b(?! officiel)|low ?quality|id\?|forthcoming|short|shorts|ringtone|intro only|unreleased|rip)\b|#shorts?/iu,
    title: /\b(?:preview|snippet|teaser|album trailer|minimix|ringtone|whatsapp status)\b|#shorts?\b/iu,
  },
  {
    kind: 'set',
    note: /\b(?:full (?:album|ep|set|mixtape|concert|show)|dj[- ]set|(?:continuous|dj|album|year) mix|mega ?mix|mixtape|mini ?mix|podcast|radio show|playlist|compilation|best of|top \d+|essential mix|b2b)\b/iu,
    title:
      /\b(?:full (?:album|ep\b|set|mixtape|concert)|dj[- ]set|continuous mix|mega ?mix|mixtape|mini ?mix|essential mix|best of|greatest hits|top \d+ |podcast|compilation)/iu,
  },
  {
    kind: 'mashup',
    note: /\b(?:mash-?up|blend|vs\.?|transition|medley|x .+ mash)\b/iu,
    title: /\b(?:mash-?up|medley)\b/iu,
  },
  {
    kind: 'effect',
    note: /\b(?:8d|16d|9d|3d audio|bass ?boost(?:ed)?|reverb|muffled|underwater|in another room|empty (?:mall|arena|room)|concert hall|lo-?fi|vaporwave|8[- ]?bit|chiptune|earrape|but .*|reversed|backwards|music box|marimba)\b/iu,
    title:
      /\b(?:8d (?:audio|music)|16d audio|bass ?boosted|but (?:it'?s|it is|every time|you'?re)\b|in another room|8[- ]?bit|slowed and reverb|lo-?fi (?:version|remix|cover)|reversed$|music box version|marimba ringtone)\b/iu,
  },
  {
    kind: 'remaster',
    note: /\b(?:re-?master(?:ed)?|anniversary|deluxe|digital master)\b/iu,
    title: /\bremastered(?: \d{4})?\b/iu,
  },
  {
    kind: 'demo',
    note: /\b(?:demo|rough mix|alternate (?:take|version|mix)|outtake|early version|work in progress|wip|unfinished|take \d)\b/iu,
    title: /\bdemo(?: version)?$/iu,
  },
  {
    kind: 'rerecorded',
    note: /\b(?:re-?record(?:ed|ing)|taylor'?s version|new version|(?:19|20)\d\d version|2\.0|re-?visited|re-?imagined|beatless|drumless|bonus beats|reprise|interlude|part (?:2|ii)|pt\.? ?(?:2|ii)|ii)\b/iu,
    title: /\b(?:re-?recorded|taylor'?s version)\b/iu,
  },
  {
    kind: 'talk',
    note: /\b(?:reaction|reacts?|tutorial|lesson|how to (?:play|make)|explained|interview|behind the scenes|making of|review|analysis|breakdown|documentary|remake|recreat(?:ed|ion|ing)|choreo(?:graphy)?|dance (?:video|cover|practice)|gameplay|fl studio|ableton|synthesia|guitar hero|beat saber|just dance|edit audio|drum ?kit|track breakdown)\b/iu,
    title:
      /\b(?:reaction|reacts? to|tutorial|how to (?:play|make)|explained|interview|behind the scenes|the making of|piano lesson|guitar lesson|dance cover|dance practice|choreography|remake|beat saber|just dance|synthesia|track breakdown|first time hearing|fl studio|ableton)\b/iu,
  },
  {
    kind: 'parts',
    note: /\b(?:intro (?:edit|clean|dirty)|quick hit|hype intro|transition|(?:clean|dirty) intro|short edit|redrum|club tool)\b/iu,
  },
]

/** Words of another version that the rule would hit by accident. */
const EXCUSED: readonly RegExp[] = [
  /\blive (?:your|my|forever|and|it up|for|like|is|to|without|while|wire)\b/giu,
  /\b(?:lyric|official|music) clip\b/giu,
]

/**
 * The versions that a text announces.
 *
 * @param place `note` for what stands in brackets, `tail` for what follows a last dash, `title` for the rest
 */
export function versionsIn(text: string, place: 'note' | 'tail' | 'title'): ReadonlySet<VersionKind> {
  const found = new Set<VersionKind>()
  const plain = EXCUSED.reduce((rest, pattern) => rest.replace(pattern, ' '), plainLetters(text))
  for (const {kind, note, title} of RULES) {
    const rule = place === 'note' ? note : place === 'title' ? title : isTail(plain) ? note : title
    if (rule?.test(plain) === true) found.add(kind)
  }
  if (BEYOND_LATIN.test(plain)) for (const [kind, words] of VERSIONS_ABROAD) if (words.test(plain)) found.add(kind)
  if (found.has('remix')) tidyRemix(found, plain)
  return found
}

const BEYOND_LATIN = /[^\0-\u024f]/u

/** Letters for show brought back to letters: "𝙨𝙡𝙤𝙬𝙚𝙙", "s l o w e d". */
function plainLetters(text: string): string {
  const letters = BEYOND_LATIN.test(text) ? text.normalize('NFKC') : text
  return letters.replace(/(?<!\S)(?:\p{L} ){3,}\p{L}(?!\S)/gu, (word) => word.replaceAll(' ', ''))
}

/** "Artist - Live" may be a song; "Artist - Title - Live at X" is a tail by its words. */
function isTail(text: string): boolean {
  return /\b(?:mix|remix|edit|version|rmx|bootleg|rework|remaster(?:ed)?|live (?:at|from|in|on)|instrumental|acapella|dub mix)\b/iu.test(
    text,
  )
}

/** "Extended Remix" is a remix and extended; "Original Mix" and "Radio Edit" are none. */
function tidyRemix(found: Set<VersionKind>, text: string): void {
  if (/\bdub mix\b/iu.test(text) && found.has('dub') && !/\bremix\b/iu.test(text)) found.delete('remix')
  if (
    found.has('vip') ||
    found.has('rerecorded') ||
    found.has('instrumental') ||
    found.has('acoustic') ||
    found.has('demo') ||
    found.has('sped-up') ||
    found.has('slowed') ||
    found.has('loop') ||
    found.has('live') ||
    found.has('acapella') ||
    found.has('remaster') ||
    found.has('cover') ||
    found.has('clean') ||
    found.has('set') ||
    found.has('karaoke') ||
    found.has('nightcore') ||
    found.has('effect')
  )
    if (!/\b(?:re-?mix|rmx|bootleg|re-?work|flip|refix|re-?edit)\b/iu.test(text)) found.delete('remix')
}
