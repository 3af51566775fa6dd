/** What was asked cannot be answered: one friendly line that says why and what is allowed. */
export class QuestionError extends Error {
  override name = 'QuestionError';
}
