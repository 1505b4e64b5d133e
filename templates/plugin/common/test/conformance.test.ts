// crate's own rules for this kind of contribution, as tests.
import {describe, it} from 'node:test'
import {describePlugin} from 'crate-dj/testing'
import plugin from '../src/index.js'
import {samples} from './samples.js'

describePlugin(plugin, {describe, it}, samples)
