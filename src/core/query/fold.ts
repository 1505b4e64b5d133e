// Text as a search compares it: without case, accents and typographic variants, so that `beyonce` finds “Beyoncé”.

/** Letters that Unicode does not take apart although people type them without the stroke or as two letters. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
}
const PLAIN_PATTERN = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu')
const IS_PLAIN_ASCII = /^[!-~]*(?: [!-~]+)*$/

/**
 * The folded form of a text; folding twice changes nothing.
 *
 * Only the combining accents of Latin, Greek and Cyrillic (U+0300–U+036F) go: the voicing marks of kana and the vowel
 * signs of Indic scripts make other words. The result is NFC, so that a part of a Hangul syllable does not match it.
 */
export function fold(text: string): string {
  if (IS_PLAIN_ASCII.test(text)) return text.toLowerCase()
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(PLAIN_PATTERN, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** Order by code point, as SQLite's BINARY collation has it; `<` on strings orders by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const unitA = a.charCodeAt(index)
    const unitB = b.charCodeAt(index)
    if (unitA !== unitB) return surrogatesLast(unitA) - surrogatesLast(unitB)
  }
  return a.length - b.length
}

/** Surrogates (U+D800–U+DFFF) stand for code points above all others, yet below U+E000–U+FFFF as numbers. */
function surrogatesLast(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit
}
