// In place of the compiled module, which no longer builds on today's Node: players are asked for titles over their own
// database service, so that no copy of their database is ever needed.
module.exports = class Database {
  constructor() {
    throw new Error('this build of prolink-connect keeps no databases')
  }
}
