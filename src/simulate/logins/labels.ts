/** What one line really is, by the id of its event. */
export interface LoginLabel {
  readonly id: string;
  /** It is part of an account's takeover: the guesses before, the logins, and what is done inside. */
  readonly attack: boolean;
  /** It is a login that succeeded, which is what a detector judges. */
  readonly success: boolean;
  /** One of `takeovers` or `oddities`, 'ordinary', or 'background' for the guessing that never ends. */
  readonly scenario: string;
  /** What belongs together, such as `stolen-key-3`; '' for the ordinary. */
  readonly incident: string;
  readonly user: string;
}

/** Labels as CSV: `id,label,success,scenario,incident,user`, where label is 1 for an attack. */
export function loginLabelsCsv(labels: Iterable<LoginLabel>): string {
  const rows = ['id,label,success,scenario,incident,user'];
  for (const { id, attack, success, scenario, incident, user } of labels)
    rows.push(`${id},${attack ? 1 : 0},${success ? 1 : 0},${scenario},${incident},${user}`);
  return `${rows.join('\n')}\n`;
}
