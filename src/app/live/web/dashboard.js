// The dashboard: pictures the news of crate live, sends commands back, comes back by itself.
const byId = (id) => document.getElementById(id)
const traces = new Map()
let socket = null
let pauseMs = 250
let night = null
let waves = null
let waveOf = null

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  socket = new WebSocket(`${scheme}://${location.host}/live${location.search}`)
  socket.onopen = () => {
    pauseMs = 250
    byId('link').textContent = 'connected'
  }
  socket.onclose = () => {
    byId('link').textContent = 'crate live is not running; trying again …'
    setTimeout(connect, pauseMs)
    pauseMs = Math.min(4000, pauseMs * 2)
  }
  socket.onmessage = ({data}) => take(JSON.parse(data))
}

function command(text) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({command: text}))
}

function take(news) {
  if (news.kind === 'all') {
    byId('log').replaceChildren()
    for (const entry of news.log) logEntry(entry)
    showNight(news.night)
    if (news.view) showView(news.view)
  } else if (news.kind === 'night') showNight(news.night)
  else if (news.kind === 'view') showView(news.view)
  else if (news.kind === 'log') logEntry(news.entry)
}

// The night

function facts(track) {
  if (!track) return 'not in the library'
  const parts = [
    track.tempoBpm && `${track.tempoBpm.toFixed(1)} BPM`,
    track.key,
    track.energy && `energy ${track.energy}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

function showNight(next) {
  night = next
  const {playing, suggestions, playlist, energy} = night
  byId('title').textContent = playing ? playing.name : 'nothing yet'
  const deck = playing?.deck ? ` · deck ${playing.deck}` : ''
  byId('facts').textContent = playing
    ? `${facts(playing.track)} · ${playing.source}${deck}${energy ? ` · energy ${energy}` : ''}`
    : ''
  byId('suggestions').replaceChildren(
    ...suggestions.map(({track, score, reasons}) => {
      const row = element('li')
      const middle = element('div')
      middle.append(element('div', 'name', track.name), element('div', 'dim', facts(track)))
      const why = element('div', 'why')
      reasons.forEach((reason, place) => {
        if (place > 0) why.append(' · ')
        why.append(reason.score >= 0.75 ? element('b', '', reason.text) : reason.text)
      })
      middle.append(why)
      const buttons = element('div', 'take')
      for (const [label, name] of [
        ['take', 'accept'],
        ['✕', 'reject'],
      ]) {
        const button = element('button', '', label)
        button.setAttribute('aria-label', `${name} ${track.name}`)
        button.onclick = () => command(`${name} ${track.id}`)
        buttons.append(button)
      }
      row.append(element('div', 'score', String(Math.round(score * 100))), middle, buttons)
      return row
    }),
  )
  if (suggestions.length === 0)
    byId('suggestions').append(element('li', 'dim', playing ? 'nothing fits' : 'waiting for what plays'))
  byId('set-name').textContent = `Playlist ${playlist.name} · ${playlist.tracks.length}`
  byId('tracks').replaceChildren(
    ...playlist.tracks.map((track) => {
      const row = element('li')
      row.append(element('span', '', track.name), element('span', 'dim', facts(track)))
      return row
    }),
  )
  loadWave(playing?.track?.id ?? null)
}

async function loadWave(id) {
  if (id === waveOf) return
  waveOf = id
  waves = null
  drawWave()
  if (id === null) return
  const mark = location.search ? `${location.search}&` : '?'
  const answer = await fetch(`/waveform${mark}track=${encodeURIComponent(id)}`).catch(() => null)
  if (!answer?.ok || waveOf !== id) return
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const columns = bytes.length / 3
  waves = [0, 1, 2].map((band) => bytes.subarray(band * columns, (band + 1) * columns))
  drawWave()
}

function fitted(canvas) {
  const ratio = devicePixelRatio || 1
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const pen = canvas.getContext('2d')
  pen.clearRect(0, 0, width, height)
  return {pen, width, height, ratio}
}

function drawWave() {
  const {pen, width, height} = fitted(byId('wave'))
  if (!waves) return
  const colors = ['#2667ff', '#4cc9f0', '#e8edf2']
  waves.forEach((band, index) => {
    pen.fillStyle = colors[index]
    const scale = [1, 0.75, 0.5][index]
    for (let x = 0; x < width; x++) {
      const size = (band[Math.floor((x / width) * band.length)] / 255) * height * scale
      pen.fillRect(x, (height - size) / 2, 1, size)
    }
  })
  const {playing} = night ?? {}
  if (playing?.track?.durationMs) {
    const share = (Date.now() - playing.sinceMs) / playing.track.durationMs
    pen.fillStyle = '#ff6b6b'
    if (share < 1) pen.fillRect(share * width, 0, Math.max(2, width / 400), height)
  }
}

// The stage

function showView(view) {
  const arm = byId('arm')
  arm.textContent = view.isArmed ? 'armed' : 'disarmed'
  arm.className = view.isArmed ? 'on' : 'off'
  const freeze = byId('freeze')
  freeze.textContent = view.isFrozen ? 'frozen' : 'freeze'
  freeze.className = view.isFrozen ? 'off' : ''
  for (const sensor of view.sensors) showSensor(sensor)
  byId('outputs').textContent = view.outputs
    .map(
      ({name, state, sent, dropped}) =>
        `${name} ${state === 'open' ? '' : `(${state}) `}${sent} sent${dropped ? `, ${dropped} dropped` : ''}`,
    )
    .join(' · ')
  for (const {atMs, output, text} of view.sent) logSent(atMs, output, text)
}

function showSensor({name, state, statistics, units, refused, malformed, trace}) {
  let entry = traces.get(name)
  if (!entry) {
    const box = element('div', 'sensor')
    const head = element('div', 'head')
    const canvas = element('canvas')
    canvas.setAttribute('aria-label', `motion of ${name}`)
    box.append(head, canvas)
    byId('sensors').append(box)
    entry = {head, canvas, points: []}
    traces.set(name, entry)
  }
  entry.points.push(...trace)
  const last = entry.points.at(-1)?.[0] ?? 0
  while (entry.points.length && entry.points[0][0] < last - 6000) entry.points.shift()
  const parts = []
  if (statistics?.rateHz) parts.push(`${statistics.rateHz.toFixed(0)} Hz`, `± ${statistics.jitterMs?.toFixed(1)} ms`)
  if (statistics?.lost) parts.push(`${statistics.lost} lost`)
  if (refused + malformed) parts.push(`${refused + malformed} refused`)
  parts.push(...units)
  const title = element('span', '', name)
  title.prepend(element('span', `dot ${state}`))
  entry.head.replaceChildren(title, element('span', 'dim', parts.join(' · ')))
}

function drawScopes() {
  for (const {canvas, points} of traces.values()) {
    const {pen, width, height, ratio} = fitted(canvas)
    const end = points.at(-1)?.[0] ?? 0
    pen.lineWidth = 1.5 * ratio
    ;['#4cc9f0', '#6ee7a0', '#ffb454'].forEach((color, axis) => {
      pen.strokeStyle = color
      pen.beginPath()
      for (const point of points)
        pen.lineTo(width * (1 - (end - point[0]) / 6000), height * (0.5 - point[axis + 1] / 60))
      pen.stroke()
    })
  }
  requestAnimationFrame(drawScopes)
}

function logEntry({atMs, level, text, confidence}) {
  const body = element('span', level, text)
  if (confidence === undefined) return logRow(atMs, body)
  const meter = element('meter')
  meter.min = 0
  meter.max = 1
  meter.low = 0.5
  meter.value = confidence
  meter.title = `confidence ${confidence.toFixed(2)}`
  logRow(atMs, body, meter, element('span', 'dim', confidence.toFixed(2)))
}

// A controller that moves is one row that changes, or it would push everything else away.
function logSent(atMs, output, text) {
  const key = `${output} ${text.replace(/( = | )-?[\d.]+(?=,|$)/, '')}`
  const last = byId('log').firstChild
  if (last?.dataset.key === key && !text.startsWith('note')) {
    last.querySelector('.sent').textContent = `→ ${output}: ${text}`
    return
  }
  logRow(atMs, element('span', 'sent', `→ ${output}: ${text}`))
  byId('log').firstChild.dataset.key = key
}

function logRow(atMs, ...parts) {
  const row = element('li')
  row.append(element('span', 'dim', new Date(atMs).toTimeString().slice(0, 8)), ...parts)
  const log = byId('log')
  log.prepend(row)
  while (log.children.length > 60) log.lastChild.remove()
}

for (const button of document.querySelectorAll('[data-command]')) button.onclick = () => command(button.dataset.command)
byId('say').onsubmit = (event) => {
  event.preventDefault()
  if (byId('what').value.trim()) command(`play ${byId('what').value.trim()}`)
  byId('what').value = ''
}
setInterval(drawWave, 1000)
addEventListener('resize', drawWave)
connect()
drawScopes()
