// The floor: what any Node program takes to hear a datagram and send one.
import {createSocket} from 'node:dgram'
import {constants, setPriority} from 'node:os'

try {
  setPriority(constants.priority.PRIORITY_HIGH)
} catch {
  // As the stage: where the system lets it.
}
const socket = createSocket('udp4')
socket.on('message', (bytes, {port, address}) => socket.send(bytes, port, address))
socket.bind(0, '127.0.0.1', () => process.send(socket.address().port))
process.on('disconnect', () => process.exit())
