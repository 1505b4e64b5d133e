// What a terminal shows, as an SVG: the text that a command printed, with its colours.
import stringWidth from 'string-width'

interface Style {
  readonly color: string | null
  readonly background: string | null
  readonly isBold: boolean
  readonly isDim: boolean
}

const PLAIN: Style = {color: null, background: null, isBold: false, isDim: false}
const COLORS: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
}
const [FONT_PX, COLUMN_PX, LINE_PX, MARGIN_PX] = [13, 7.83, 19, 16]

/** As wide as terminals are at most where they stand beside something else. */
const MOST_COLUMNS = 118

interface Word {
  readonly text: string
  readonly style: Style
  readonly row: number
  readonly column: number
}

/** @param ansi lines with SGR sequences (ECMA-48 §8.3.117): colours of 4 and 24 bits, bold, dim */
export function terminalPicture(ansi: string): string {
  const words = layOut(ansi)
  const columns = Math.max(...words.map(({text, column}) => column + stringWidth(text)))
  const rows = Math.max(...words.map(({row}) => row)) + 1
  const [width, height] = [Math.ceil(columns * COLUMN_PX + 2 * MARGIN_PX), rows * LINE_PX + 2 * MARGIN_PX]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_PX}" fill="#e6edf3">
${words.map(drawn).join('\n')}
</g>
</svg>
`
}

/** Each word in its cell; lines that are too long go on below. */
function layOut(ansi: string): readonly Word[] {
  const words: Word[] = []
  let style = PLAIN
  let [row, column] = [0, 0]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  for (const piece of ansi.split(/(\x1b\[[\d;]*m|\n| +)/)) {
    if (piece === '\n') {
      row++
      column = 0
    } else if (piece.startsWith('\x1b[')) style = styled(style, piece.slice(2, -1).split(';'))
    else if (piece !== '') {
      const span = stringWidth(piece)
      if (column + span > MOST_COLUMNS && column > 0) {
        row++
        column = 0
      }
      if (piece.trim() !== '' || style.background !== null) words.push({text: piece, style, row, column})
      column += span
    }
  }
  return words
}

function drawn({text, style, row, column}: Word): string {
  const [x, top] = [(MARGIN_PX + column * COLUMN_PX).toFixed(1), MARGIN_PX + row * LINE_PX]
  const width = (stringWidth(text) * COLUMN_PX).toFixed(1)
  const attributes = [
    style.color === null ? '' : ` fill="${style.color}"`,
    style.isBold ? ' font-weight="bold"' : '',
    style.isDim ? ' opacity="0.6"' : '',
  ].join('')
  const background =
    style.background === null
      ? ''
      : `<rect x="${x}" y="${top}" width="${width}" height="${LINE_PX}" fill="${style.background}"/>`
  // The width is given, so that columns stand below each other in any font.
  return `${background}<text x="${x}" y="${top + 0.75 * LINE_PX}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${attributes}>${escaped(text)}</text>`
}

function styled(style: Style, codes: readonly string[]): Style {
  const [code = '0', depth, ...rgb] = codes
  const rest = codes.slice(1)
  if ((code === '38' || code === '48') && depth === '2') {
    const color = `rgb(${rgb.slice(0, 3).join(',')})`
    return code === '38' ? {...style, color} : {...style, background: color}
  }
  const next = styledByOne(style, code)
  return rest.length === 0 ? next : styled(next, rest)
}

function styledByOne(style: Style, code: string): Style {
  switch (code) {
    case '':
    case '0':
      return PLAIN
    case '1':
      return {...style, isBold: true}
    case '2':
      return {...style, isDim: true}
    case '22':
      return {...style, isBold: false, isDim: false}
    case '39':
      return {...style, color: null}
    case '49':
      return {...style, background: null}
    default:
      return {...style, color: COLORS[code] ?? style.color}
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
