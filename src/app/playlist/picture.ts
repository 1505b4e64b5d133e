// The picture of a built set, for commands.
export {drawSet} from '../../mixing/set-picture.js'
