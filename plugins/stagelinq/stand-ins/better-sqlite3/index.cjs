// In place of the compiled module: titles come with the state of a deck, and no copy of a player's database is kept.
module.exports = class Database {
  constructor() {
    throw new Error('this build of stagelinq keeps no databases')
  }
}
