// crate live: the stage in its own process, the night beside it, and everyone who looks.
import {randomBytes} from 'node:crypto'
import {join} from 'node:path'
import {readConfig} from '../../adapters/config/config-file.js'
import {localAddresses, localCertificate} from '../../adapters/ports/certificate.js'
import type {NowPlayingConnection} from '../../api/now-playing.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import {checkSettings} from '../../core/plugin/settings.js'
import {createContext} from '../../host/context.js'
import {announceStage} from '../../host/live/presence.js'
import type {PhonePage, StageReport, StageView} from '../../host/live/protocol.js'
import {type StageLink, startStageProcess} from '../../host/live/stage-link.js'
import {createRegistry, type Registry} from '../../host/registry.js'
import {isCrateCommand} from '../../live/mapping/schema.js'
import type {Library} from '../../store/library.js'
import {loadModels} from '../gestures/gesture-sets.js'
import {keyNotationOf} from '../key-notation.js'
import {recordingPath} from '../sensors/recordings.js'
import {type Dashboard, startDashboard} from './dashboard.js'
import {loadMapping, type MappingAdditions, watchMapping} from './mapping-file.js'
import {Night, type NightView} from './night.js'
import {webFiles} from './web-files.js'

export interface LiveRequest extends MappingAdditions {
  readonly mappingPath: string | null
  readonly phonePort: number
  /** `ID` or `ID=TARGET`. */
  readonly nowPlaying: readonly string[]
  readonly playing: string | null
  /** Null for none. */
  readonly dashboard: {readonly port: number; readonly isOnNetwork: boolean} | null
  readonly playlist: string | null
  readonly exports: readonly string[]
  readonly recordAs: string | null
}

export interface LogEntry {
  readonly atMs: number
  readonly level: 'info' | 'warn' | 'gesture'
  readonly text: string
  /** Of gestures. */
  readonly confidence?: number
}

export interface LiveView {
  readonly stage: StageView | null
  readonly night: NightView
  readonly log: readonly LogEntry[]
}

export interface LiveSession {
  readonly phoneUrl: string | null
  readonly dashboardUrl: string | null
  view(): LiveView
  /** A command of the mapping, or `play TEXT`, `accept N`. */
  command(text: string): void
  /** Notes ended, playlist written, ports closed. */
  close(): Promise<LiveSummary>
}

export interface LiveSummary {
  readonly playlist: NightView['playlist']
  readonly gestures: Readonly<Record<string, number>>
  readonly messagesSent: number
  readonly messagesDropped: number
  readonly sensors: readonly {readonly name: string; readonly frames: number; readonly lost: number | null}[]
}

const MOST_LOG = 200

/** @throws CONFIG_INVALID, USAGE, DEVICE_MISSING where it cannot start; afterwards it only reports */
export async function startLive(
  environment: Environment,
  library: Library,
  request: LiveRequest,
  listener: {log(entry: LogEntry): void},
): Promise<LiveSession> {
  const {nowMs, dataFolder} = environment
  const mapping = await loadMapping(request.mappingPath, request)
  if (Object.keys(mapping.sensors).length === 0 && request.dashboard === null && request.nowPlaying.length === 0)
    throw new CrateError('USAGE', 'there is nothing to listen to: no sensor, no mapping, no deck', {
      hints: [
        'crate live --phone --output osc:127.0.0.1:9000',
        'crate live --mapping show.yaml',
        'crate live --now-playing traktor --dashboard',
      ],
    })

  // Who looks
  const log: LogEntry[] = []
  const note = (entry: LogEntry) => {
    log.push(entry)
    if (log.length > MOST_LOG) log.shift()
    listener.log(entry)
    dashboard?.tell({kind: 'log', entry})
  }
  const notice = (level: 'info' | 'warn', message: string) => note({atMs: nowMs(), level, text: message})
  let dashboard: Dashboard | null = null
  let stageView: StageView | null = null
  let nightTimer: NodeJS.Timeout | null = null
  const changed = () => {
    // Many changes at once are one picture.
    nightTimer ??= setTimeout(() => {
      nightTimer = null
      dashboard?.tell({kind: 'night', night: night.view()})
    }, 30)
  }

  // The night
  const playlist = request.playlist ?? `Live/${new Date(nowMs()).toISOString().slice(0, 10)}`
  const night = new Night({
    environment,
    library,
    notation: await keyNotationOf(environment),
    playlist,
    exports: request.exports,
    notice,
    changed,
    heard: (deck) => link?.send({kind: 'track', deck}),
  })

  // The stage
  let link: StageLink | null = null
  const gestures: Record<string, number> = {}
  const hear = (report: StageReport) => {
    switch (report.kind) {
      case 'notice':
        notice(report.level, report.message)
        break
      case 'view':
        stageView = report.view
        dashboard?.tell(report)
        break
      case 'gesture': {
        const {gesture, kind, confidence, rateHz, atMs} = report.event
        if (kind === 'going') break
        if (kind !== 'ended') gestures[gesture] = (gestures[gesture] ?? 0) + 1
        const rate = rateHz === null ? '' : ` at ${rateHz.toFixed(1)} Hz`
        note({
          atMs,
          level: 'gesture',
          text: `${gesture}${kind === 'stroke' ? '' : ` ${kind}`}${rate} (${report.sensor})`,
          confidence,
        })
        break
      }
      case 'action':
        if (report.action.kind === 'command') {
          if (report.action.command === 'mark') link?.send({kind: 'mark', text: report.action.cause})
          night.command(report.action.command)
        } else if (report.action.kind === 'status')
          notice('info', report.action.isArmed ? (report.action.isFrozen ? 'frozen' : 'armed') : 'disarmed')
        else void performPlugin(report.action)
        break
      default:
        break
    }
  }
  const registry = createRegistry(environment)
  const performPlugin = async ({id, argument, atMs}: {id: string; argument: string; atMs: number}) => {
    try {
      const contribution = await registry.find('actions', id)
      const {plugins} = await readConfig(environment.configFile)
      const config = checkSettings(id, contribution.settings, plugins[id] ?? {})
      const action = await contribution.load()
      await action.perform(argument, {atMs, heard: night.heard}, createContext(environment, id, config))
    } catch (error) {
      const {message, hints} = crateErrorFrom(error)
      notice('warn', [`the action ${id}: ${message}`, ...hints].join('\n'))
    }
  }
  const phone = Object.values(mapping.sensors).some(({type}) => type === 'phone')
    ? await phonePage(join(dataFolder, 'certificate'), request.phonePort, nowMs())
    : null
  link = await startStageProcess(
    {
      mapping,
      models: await loadModels(library.folder),
      phone,
      recording:
        request.recordAs === null
          ? null
          : {name: request.recordAs, path: recordingPath(library.folder, request.recordAs)},
      installedPlugins: environment.installedPlugins,
      isRestart: false,
    },
    hear,
  )
  const stage = link
  const withdraw = announceStage(dataFolder, process.pid)
  const stopWatching =
    request.mappingPath === null
      ? () => undefined
      : watchMapping(request.mappingPath, request, {
          changed: (next) => stage.send({kind: 'remap', mapping: next}),
          faulty: (message) => notice('warn', message),
        })

  const connections: NowPlayingConnection[] = []
  const ticker = setInterval(() => night.tick(), 250)
  let closing: Promise<LiveSummary> | null = null
  const close = async (): Promise<LiveSummary> => {
    clearInterval(ticker)
    stopWatching()
    await stage.close()
    withdraw()
    await Promise.allSettled(connections.map((connection) => connection.close()))
    await night.close()
    const view = night.view()
    await dashboard?.close()
    if (nightTimer !== null) clearTimeout(nightTimer)
    return {
      playlist: view.playlist,
      gestures,
      messagesSent: stageView?.outputs.reduce((sum, {sent}) => sum + sent, 0) ?? 0,
      messagesDropped: stageView?.outputs.reduce((sum, {dropped}) => sum + dropped, 0) ?? 0,
      sensors: (stageView?.sensors ?? []).map(({name, statistics}) => ({
        name,
        frames: statistics?.frames ?? 0,
        lost: statistics?.lost ?? null,
      })),
    }
  }
  const command = (text: string) => {
    const [name = '', ...rest] = text.trim().split(/\s+/)
    try {
      if (name === 'play') night.play(rest.join(' '))
      else if (isCrateCommand(name)) {
        if (name === 'mark') stage.send({kind: 'mark', text: rest.join(' ') || 'mark'})
        night.command(name, rest.join(' '))
      } else stage.send({kind: 'command', command: name})
    } catch (error) {
      notice('warn', crateErrorFrom(error).message)
    }
  }

  try {
    connections.push(...(await openNowPlaying(environment, registry, request.nowPlaying, night, notice)))
    if (request.playing !== null) night.play(request.playing)
    if (request.dashboard !== null)
      dashboard = await startDashboard(library, request.dashboard, {
        command,
        first: () => ({kind: 'all', night: night.view(), log: log.slice(-50), view: stageView}),
      })
  } catch (error) {
    await close()
    throw error
  }
  const addresses = localAddresses()
  return {
    phoneUrl:
      phone === null || stage.phonePort === null
        ? null
        : `https://${addresses[1] ?? addresses[0]}:${stage.phonePort}/?t=${phone.token}`,
    dashboardUrl: dashboard?.url ?? null,
    view: () => ({stage: stageView, night: night.view(), log: log.slice(-20)}),
    command,
    close() {
      closing ??= close()
      return closing
    },
  }
}

async function phonePage(folder: string, port: number, nowMs: number): Promise<PhonePage> {
  const files = await webFiles('phone')
  return {
    host: '0.0.0.0',
    port,
    ...(await localCertificate(folder, nowMs)),
    token: randomBytes(12).toString('base64url'),
    files: [...files].map(([path, file]) => ({path, ...file})),
  }
}

async function openNowPlaying(
  environment: Environment,
  registry: Registry,
  wanted: readonly string[],
  night: Night,
  notice: (level: 'info' | 'warn', message: string) => void,
): Promise<NowPlayingConnection[]> {
  const {plugins} = await readConfig(environment.configFile)
  const connections: NowPlayingConnection[] = []
  for (const text of wanted) {
    const [id = '', ...target] = text.split('=')
    const contribution = await registry.find('nowPlaying', id)
    const sink = {
      emit: night.hear.bind(night),
      lost: (error: Error) => notice('warn', `${contribution.name}: ${error.message}`),
    }
    const config = checkSettings(id, contribution.settings, plugins[id] ?? {})
    const context = createContext(environment, contribution.name, config)
    const source = await contribution.load()
    connections.push(await source.open(target.length === 0 ? null : target.join('='), sink, context))
  }
  return connections
}
