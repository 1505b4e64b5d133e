// Sensors without a show: watched, or recorded, by the same stage that plays live.
import {randomBytes} from 'node:crypto'
import {join} from 'node:path'
import {localAddresses, localCertificate} from '../../adapters/ports/certificate.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import type {StageReport, StageView} from '../../host/live/protocol.js'
import {startStageProcess} from '../../host/live/stage-link.js'
import type {Mapping} from '../../live/mapping/schema.js'
import {loadMapping} from '../live/mapping-file.js'
import {webFiles} from '../live/web-files.js'

export interface WatchRequest {
  /** `TYPE[:TARGET]`; all of the mapping too, where one is given. */
  readonly sensors: readonly string[]
  readonly mappingPath: string | null
  /** Of all sensors named by `sensors`; null lets them find it out. */
  readonly profile: string | null
  readonly hasPhone: boolean
  readonly phonePort: number
  readonly recording: {readonly path: string; readonly name: string} | null
}

export interface WatchListener {
  view(view: StageView): void
  notice(level: 'info' | 'warn', message: string): void
  control(sensor: string, control: string, value: number): void
}

export interface SensorWatch {
  readonly sensors: readonly string[]
  readonly phoneUrl: string | null
  mark(text: string): void
  close(): Promise<void>
}

/** @throws USAGE where no sensor is named, CONFIG_INVALID, FILE_EXISTS for a recording that is there */
export async function watchSensors(
  environment: Environment,
  request: WatchRequest,
  listener: WatchListener,
): Promise<SensorWatch> {
  const {sensors, mappingPath, hasPhone, profile} = request
  const loaded = await loadMapping(mappingPath, {sensors, outputs: [], hasPhone})
  if (Object.keys(loaded.sensors).length === 0)
    throw new CrateError('USAGE', 'which sensor?', {
      hints: ['--sensor osc:9000, --sensor serial:/dev/ttyUSB0, --phone; crate sensors list shows what there is'],
    })
  const mapping: Mapping = {
    ...loaded,
    sensors: Object.fromEntries(
      Object.entries(loaded.sensors).map(([name, entry]) => [name, profile === null ? entry : {...entry, profile}]),
    ),
    // Watching moves nothing.
    outputs: {},
    rules: [],
    controls: [],
  }
  const isPhoneWanted = Object.values(mapping.sensors).some(({type}) => type === 'phone')
  const token = randomBytes(12).toString('base64url')
  const phone = isPhoneWanted
    ? {
        host: '0.0.0.0',
        port: request.phonePort,
        ...(await localCertificate(join(environment.dataFolder, 'certificate'), environment.nowMs())),
        token,
        files: [...(await webFiles('phone'))].map(([path, file]) => ({path, ...file})),
      }
    : null
  const hear = (report: StageReport) => {
    if (report.kind === 'view') listener.view(report.view)
    else if (report.kind === 'notice') listener.notice(report.level, report.message)
    else if (report.kind === 'control') listener.control(report.sensor, report.control, report.value)
  }
  const {installedPlugins} = environment
  const link = await startStageProcess(
    {mapping, models: [], phone, recording: request.recording, installedPlugins, isRestart: false},
    hear,
  )
  const addresses = localAddresses()
  return {
    sensors: Object.keys(mapping.sensors),
    phoneUrl: phone === null ? null : `https://${addresses[1] ?? addresses[0]}:${link.phonePort}/?t=${token}`,
    mark: (text) => link.send({kind: 'mark', text}),
    close: () => link.close(),
  }
}
