/**
 * What a rule is known by, as the first version had it: `data/before-yahoo.csv` then gave 154.93 for 4 February 1987,
 * which is 154.94. No event hangs on it; another mark would make every event since the last check history, and keep hosts
 * of both versions from taking over from each other.
 * @param text of the file, or of its closes as JSON
 */
export function asFirstPublished(text: string): string {
  return text.replace(/(1987-02-04\D{1,12})154\.94(?!\d)/, '$1154.93');
}
