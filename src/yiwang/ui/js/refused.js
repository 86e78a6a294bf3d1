/** A refusal that came as problem JSON (RFC 9457), as words in the page's language. */

import { Problem } from "./problem.js";

/** The center said no; `refusal` is the signed refusal of a bid that came too late. */
export class Refused extends Problem {
  constructor(status, body) {
    const said = (language) => (body.reasons ?? []).map(({ message, passes }) => {
      const why = message?.[language] ?? "";
      return passes ? `${why}${language === "zh" ? "，" : ": "}${passes[language]}` : why;
    }).join(language === "zh" ? "；" : "; ");
    super(said("zh") || `服务器没有接受（${status}）`, said("en") || `the server did not accept it (${status})`);
    this.status = status;
    this.refusal = body.refusal;
    this.codes = (body.reasons ?? []).map(({ code }) => code);
  }
}
