// Asks for the right version, title by title.
import {candidateName, type ShownReview, wantedName} from './review-report.js'

/** As `--choose` takes them; what is left for later is not among them. */
export async function askForChoices(items: readonly ShownReview[]): Promise<string[]> {
  const {select} = await import('@inquirer/prompts')
  const choices: string[] = []
  for (const [index, {wanted, candidates}] of items.entries()) {
    const answer = await select({
      message: `${index + 1}/${items.length}  ${wantedName(wanted)}`,
      choices: [
        ...candidates.map((candidate, number) => ({
          name: candidateName(candidate),
          value: String(number + 1),
          description: `${candidate.link}\n${candidate.reasons.map(({text}) => text).join('; ')}`,
        })),
        {name: 'later', value: 'later'},
        {name: 'none of these', value: 'none'},
        {name: 'enough for now', value: 'stop'},
      ],
    })
    if (answer === 'stop') break
    if (answer !== 'later') choices.push(`${index + 1}=${answer}`)
  }
  return choices
}
