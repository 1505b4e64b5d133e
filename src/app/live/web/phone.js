// The phone as a sensor: motion and four buttons over a WebSocket that comes back by itself.
const byId = (id) => document.getElementById(id)
const state = byId('state')
const isIos =
  /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1)

let socket = null
let pauseMs = 250
let number = 0
let isRunning = false
let sent = 0
const trace = []

function show(text, kind) {
  state.textContent = text
  state.className = kind ?? ''
}

function connect() {
  socket = new WebSocket(`wss://${location.host}/motion${location.search}`)
  socket.onopen = () => {
    pauseMs = 250
    show('Connected', 'good')
  }
  socket.onmessage = ({data}) => {
    const news = JSON.parse(data)
    if (news.kind === 'joined') show(`Connected as ${news.sensor}`, 'good')
    else if (news.kind === 'full') show('Another phone is connected already.', 'bad')
    else if (news.kind === 'gesture' && news.phase !== 'ended') {
      byId('gesture').textContent = news.gesture
      navigator.vibrate?.(30)
      clearTimeout(connect.fade)
      connect.fade = setTimeout(() => {
        byId('gesture').textContent = ''
      }, 1500)
    }
  }
  socket.onclose = () => {
    show('Not connected; trying again …', 'bad')
    setTimeout(connect, pauseMs)
    pauseMs = Math.min(4000, pauseMs * 2)
  }
}

function send(message) {
  // A line that is behind gets the newest only: what waits is dropped here, not queued.
  if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < 2048) socket.send(JSON.stringify(message))
}

function onMotion({accelerationIncludingGravity: a, acceleration: l, rotationRate: r, timeStamp}) {
  if (a === null || a.x === null) return
  const message = {n: number++, t: timeStamp, a: [a.x, a.y, a.z], ios: isIos}
  if (r && r.alpha !== null) message.r = [r.alpha, r.beta, r.gamma]
  if (l && l.x !== null) message.g = [a.x - l.x, a.y - l.y, a.z - l.z]
  send(message)
  sent++
  trace.push([a.x, a.y, a.z])
  if (trace.length > 240) trace.shift()
}

async function start() {
  try {
    // Safari asks only inside a tap; others have no such question.
    if (typeof DeviceMotionEvent?.requestPermission === 'function') {
      const answer = await DeviceMotionEvent.requestPermission()
      if (answer !== 'granted')
        return show('Motion was not allowed. Close the page, open it again and allow it.', 'bad')
    }
  } catch (error) {
    return show(`Motion cannot be used: ${error.message}`, 'bad')
  }
  if (typeof DeviceMotionEvent === 'undefined') return show('This browser tells no motion.', 'bad')
  addEventListener('devicemotion', onMotion)
  isRunning = true
  byId('start').remove()
  byId('pads').hidden = false
  connect()
  draw()
  keepAwake()
  setInterval(() => {
    byId('rate').textContent = sent === 0 ? 'no motion yet' : `${sent} frames a second`
    sent = 0
  }, 1000)
}

async function keepAwake() {
  try {
    await navigator.wakeLock?.request('screen')
  } catch {
    // Low battery: the screen may darken.
  }
}
document.addEventListener('visibilitychange', () => {
  if (isRunning && document.visibilityState === 'visible') keepAwake()
})

for (const pad of document.querySelectorAll('[data-button]')) {
  const press = (isHeld) => (event) => {
    event.preventDefault()
    if (pad.classList.contains('held') === isHeld) return
    pad.classList.toggle('held', isHeld)
    send({b: pad.dataset.button, v: isHeld ? 1 : 0})
  }
  pad.addEventListener('pointerdown', press(true))
  for (const type of ['pointerup', 'pointercancel', 'pointerleave']) pad.addEventListener(type, press(false))
  pad.addEventListener('contextmenu', (event) => event.preventDefault())
}

function draw() {
  const canvas = byId('scope')
  const ratio = devicePixelRatio || 1
  canvas.width = canvas.clientWidth * ratio
  canvas.height = canvas.clientHeight * ratio
  const pen = canvas.getContext('2d')
  const colors = ['#4cc9f0', '#6ee7a0', '#ffb454']
  pen.lineWidth = 2 * ratio
  for (let axis = 0; axis < 3; axis++) {
    pen.strokeStyle = colors[axis]
    pen.beginPath()
    trace.forEach((values, index) => {
      pen.lineTo((index / 240) * canvas.width, canvas.height * (0.5 - values[axis] / 50))
    })
    pen.stroke()
  }
  requestAnimationFrame(draw)
}

byId('start').addEventListener('click', start)
