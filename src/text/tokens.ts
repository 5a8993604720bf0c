/**
 * Words of at least two letters, digits or underscores, in lower case: the tokens of scikit-learn's text vectorisers
 * (`token_pattern=r"(?u)\b\w\w+\b"`, `lowercase=True`), Unicode letters included. Linear time.
 */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
}
