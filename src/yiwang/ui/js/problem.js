/**
 * An error for the user, in both languages; `message` is in the language of the page.
 */
export class Problem extends TypeError {
  /**
   * @param {string} zh
   * @param {string} en
   */
  constructor(zh, en) {
    super(globalThis.document?.documentElement.lang.startsWith("en") ? en : zh);
    this.name = "Problem";
    this.zh = zh;
    this.en = en;
  }
}
