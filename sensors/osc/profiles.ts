// Which OSC address of which app means what. First match wins; what the person declared comes before all.
import type {SensorProfile} from '../../src/api/sensor.js'
import type {AccelerationUnit, Role, RotationUnit} from '../common/roles.js'

export interface OscRule {
  readonly profile: string
  /** On the whole address; a group named `device` tells devices behind one port apart. */
  readonly pattern: RegExp
  readonly role: Role
  readonly unit?: AccelerationUnit | RotationUnit
  /** First argument of the quantity. */
  readonly at?: number
  readonly order?: 'wxyz' | 'xyzw'
  /** Multiplies x, y and z: signs and odd units. */
  readonly scale?: readonly [number, number, number]
  /** Argument that holds a running number, or seconds on the device's clock. */
  readonly sequenceAt?: number
  readonly secondsAt?: number
}

export const OSC_PROFILES: readonly SensorProfile[] = [
  {id: 'zigsim', name: 'ZIG SIM (iOS, Android)', port: 50_000},
  {id: 'gyrosc', name: 'GyrOSC (iOS)', port: 9999},
  {id: 'touchosc', name: 'TouchOSC', port: 8000},
  {id: 'sensors2osc', name: 'Sensors2OSC (Android)', port: 9000},
  {id: 'riot', name: 'R-IoT v3 (IRCAM)', port: 8888},
  {id: 'mugic', name: 'MUGIC', port: 4000},
  {id: 'ngimu', name: 'NGIMU (x-io)', port: 8001},
  {id: 'declared', name: 'Any sender, by the addresses you declare'},
]

/** iOS counts the pull of gravity, not the push of the hand against it: the other way round than an accelerometer. */
const IOS_SIGN = [-1, -1, -1] as const

export const OSC_RULES: readonly OscRule[] = [
  {
    profile: 'zigsim',
    pattern: /^\/ZIGSIM\/(?<device>[^/]+)\/accel$/,
    role: 'linearAcceleration',
    unit: 'g',
    scale: IOS_SIGN,
  },
  {profile: 'zigsim', pattern: /^\/ZIGSIM\/(?<device>[^/]+)\/gravity$/, role: 'gravity', unit: 'g', scale: IOS_SIGN},
  {profile: 'zigsim', pattern: /^\/(?:ZIGSIM\/)?(?<device>[^/]+)\/accel$/, role: 'linearAcceleration', unit: 'g'},
  {profile: 'zigsim', pattern: /^\/(?:ZIGSIM\/)?(?<device>[^/]+)\/gyro$/, role: 'rotation', unit: 'rad/s'},
  {profile: 'zigsim', pattern: /^\/(?:ZIGSIM\/)?(?<device>[^/]+)\/quaternion$/, role: 'orientation', order: 'xyzw'},
  {
    profile: 'gyrosc',
    pattern: /^\/gyrosc(?:\/(?<device>[^/]+))?\/accel$/,
    role: 'acceleration',
    unit: 'g',
    scale: IOS_SIGN,
  },
  {profile: 'gyrosc', pattern: /^\/gyrosc(?:\/(?<device>[^/]+))?\/grav$/, role: 'gravity', unit: 'g', scale: IOS_SIGN},
  {profile: 'gyrosc', pattern: /^\/gyrosc(?:\/(?<device>[^/]+))?\/rrate$/, role: 'rotation', unit: 'rad/s'},
  {profile: 'gyrosc', pattern: /^\/gyrosc(?:\/(?<device>[^/]+))?\/quat$/, role: 'orientation', order: 'wxyz'},
  {profile: 'touchosc', pattern: /^\/accxyz$/, role: 'acceleration', unit: 'g'},
  {profile: 'riot', pattern: /^\/riot\/v3\/(?<device>[^/]+)\/accelerometer$/, role: 'acceleration', unit: 'm/s²'},
  {profile: 'riot', pattern: /^\/riot\/v3\/(?<device>[^/]+)\/gyroscope$/, role: 'rotation', unit: 'rad/s'},
  {profile: 'riot', pattern: /^\/riot\/v3\/(?<device>[^/]+)\/gravity$/, role: 'gravity', unit: 'm/s²'},
  {profile: 'riot', pattern: /^\/riot\/v3\/(?<device>[^/]+)\/quaternion$/, role: 'orientation', order: 'wxyz'},
  {profile: 'mugic', pattern: /^\/mugicdata$/, role: 'acceleration', unit: 'auto', sequenceAt: 24, secondsAt: 23},
  {profile: 'mugic', pattern: /^\/mugicdata$/, role: 'rotation', unit: 'auto', at: 6},
  {profile: 'mugic', pattern: /^\/mugicdata$/, role: 'orientation', at: 12, order: 'wxyz'},
  {profile: 'ngimu', pattern: /^\/sensors$/, role: 'rotation', unit: '°/s'},
  {profile: 'ngimu', pattern: /^\/sensors$/, role: 'acceleration', unit: 'g', at: 3},
  {profile: 'ngimu', pattern: /^\/quaternion$/, role: 'orientation', order: 'wxyz'},
  {profile: 'ngimu', pattern: /^\/linear$/, role: 'linearAcceleration', unit: 'g'},
  {
    profile: 'sensors2osc',
    pattern: /^\/(?<device>.+)\/(?:linear_?acceleration)$/i,
    role: 'linearAcceleration',
    unit: 'm/s²',
  },
  {
    profile: 'sensors2osc',
    pattern: /^\/(?<device>.+)\/(?:acceleration|accelerometer)$/i,
    role: 'acceleration',
    unit: 'm/s²',
  },
  {profile: 'sensors2osc', pattern: /^\/(?<device>.+)\/(?:gyroscope)$/i, role: 'rotation', unit: 'rad/s'},
  {profile: 'sensors2osc', pattern: /^\/(?<device>.+)\/gravity$/i, role: 'gravity', unit: 'auto'},
]

/** The rules of one profile, or of all; declared ones first. */
export function rulesFor(profile: string | null, declared: readonly OscRule[]): readonly OscRule[] {
  return [...declared, ...OSC_RULES.filter((rule) => profile === null || rule.profile === profile)]
}
